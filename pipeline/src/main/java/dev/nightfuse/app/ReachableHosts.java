package dev.nightfuse.app;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By which names a server of this machine can be reached, to be read and typed by people. */
final class ReachableHosts {

  private static final Logger LOG = LoggerFactory.getLogger(ReachableHosts.class);
  private static final String THIS_MACHINE = "localhost";

  /** Cable, wireless and one more; a longer list would hide the rest of the message. */
  private static final int MOST = 3;

  /** Networks inside this machine, of containers and virtual machines. */
  private static final List<String> INSIDE =
      List.of("docker", "br-", "veth", "virbr", "cni", "flannel", "podman", "lxc", "vmnet", "vbox");

  /**
   * One network interface.
   *
   * @param usable it is up and leads out of this machine
   */
  record Card(String name, boolean usable, List<InetAddress> addresses) {}

  private ReachableHosts() {}

  /** Those of this machine, now; empty when they cannot be asked for. */
  static List<Card> cards() {
    List<Card> cards = new ArrayList<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        cards.add(
            new Card(
                each.getName(),
                each.isUp() && !each.isLoopback(),
                Collections.list(each.getInetAddresses())));
      }
    } catch (SocketException e) {
      LOG.debug("network interfaces cannot be listed", e);
    }
    return cards;
  }

  /**
   * Host parts of addresses for a server that listens on {@code bind}, the one for this machine
   * first.
   */
  static List<String> of(String bind, List<Card> cards) {
    InetAddress address;
    try {
      address = InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      return List.of(bind);
    }
    if (address.isLoopbackAddress()) {
      return List.of(THIS_MACHINE);
    }
    if (!address.isAnyLocalAddress()) {
      return List.of(bind.contains(":") ? "[" + bind + "]" : bind);
    }
    Stream<String> others =
        cards.stream()
            .filter(card -> card.usable && INSIDE.stream().noneMatch(card.name::startsWith))
            .flatMap(card -> card.addresses.stream())
            .filter(each -> each instanceof Inet4Address && each.isSiteLocalAddress())
            .map(InetAddress::getHostAddress)
            .limit(MOST);
    return Stream.concat(Stream.of(THIS_MACHINE), others).toList();
  }
}
