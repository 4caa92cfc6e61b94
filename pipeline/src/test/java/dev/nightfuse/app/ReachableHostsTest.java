package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.app.ReachableHosts.Card;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReachableHostsTest {

  private static Card card(String name, boolean usable, String... addresses) throws Exception {
    List<InetAddress> parsed = new ArrayList<>();
    for (String address : addresses) {
      parsed.add(InetAddress.getByName(address));
    }
    return new Card(name, usable, parsed);
  }

  private static List<Card> robot() throws Exception {
    return List.of(
        card("lo", false, "127.0.0.1", "::1"),
        card("eth0", true, "fe80::1", "192.168.1.20"),
        card("eth1", false, "192.168.2.20"),
        card("docker0", true, "172.17.0.1"),
        card("br-12ab34cd", true, "172.18.0.1"),
        card("wwan0", true, "100.70.1.2", "8.8.4.4"),
        card("wlan0", true, "10.42.0.1"));
  }

  @Test
  void of_allInterfaces_areThoseThatLeadOut() throws Exception {
    List<String> expected = List.of("localhost", "192.168.1.20", "10.42.0.1");
    assertEquals(expected, ReachableHosts.of("0.0.0.0", robot()));
    assertEquals(expected, ReachableHosts.of("::", robot()));
  }

  @Test
  void of_oneAddress_isThatOne() throws Exception {
    assertEquals(List.of("localhost"), ReachableHosts.of("127.0.0.1", robot()));
    assertEquals(List.of("localhost"), ReachableHosts.of("localhost", robot()));
    assertEquals(List.of("192.168.1.20"), ReachableHosts.of("192.168.1.20", robot()));
    assertEquals(List.of("[fd00::5]"), ReachableHosts.of("fd00::5", robot()));
  }

  @Test
  void of_manyAddresses_areAFew() throws Exception {
    Card many = card("eth0", true, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5");
    assertEquals(
        List.of("localhost", "10.0.0.1", "10.0.0.2", "10.0.0.3"),
        ReachableHosts.of("0.0.0.0", List.of(many)));
  }

  @Test
  void text_robotWithTwoRigs_namesEveryAddressToType() {
    assertEquals(
        """

        Nightfuse is fusing.
          dashboard  http://localhost:8080/
                     http://192.168.1.20:8080/
          stream     rtsp://localhost:8554/front/fused   (also overlay, visible, infrared, side-by-side)
                     rtsp://192.168.1.20:8554/front/fused
          stream     rtsp://localhost:8554/rear/fused   (also overlay, visible, infrared, side-by-side)
                     rtsp://192.168.1.20:8554/rear/fused
          Ctrl-C ends it.
        """,
        StartMessage.text(
            "Nightfuse is fusing.",
            new StartMessage.Server("http", List.of("localhost", "192.168.1.20"), 8080),
            new StartMessage.Server("rtsp", List.of("localhost", "192.168.1.20"), 8554),
            List.of("front", "rear")));
  }
}
