package dev.nightfuse.rtsp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Opens pairs of UDP sockets: RTP on an even port, RTCP on the next (RFC 3550 section 11). */
final class UdpPorts {
  private static final int ATTEMPTS = 64;

  /** The two sockets of one session; whoever gets them closes them. */
  record Pair(DatagramChannel rtp, DatagramChannel rtcp) {}

  private final int firstPort;
  private final int pairs;
  private int cursor;

  /** Any free ports where {@code firstPort} is 0, else those of the range in turn. */
  UdpPorts(int firstPort, int lastPort) {
    this.firstPort = firstPort + (firstPort & 1);
    this.pairs = (lastPort - this.firstPort + 1) / 2;
  }

  Pair open(InetAddress local) throws IOException {
    int attempts = firstPort == 0 ? ATTEMPTS : pairs;
    for (int i = 0; i < attempts; i++) {
      int port = 0;
      if (firstPort != 0) {
        port = firstPort + 2 * (cursor++ % pairs);
      }
      DatagramChannel rtp = bind(local, port);
      if (rtp == null) {
        continue;
      }
      int rtpPort = ((InetSocketAddress) rtp.getLocalAddress()).getPort();
      DatagramChannel rtcp = rtpPort % 2 == 0 ? bind(local, rtpPort + 1) : null;
      if (rtcp != null) {
        return new Pair(rtp, rtcp);
      }
      rtp.close();
    }
    throw new BindException("no free pair of UDP ports in " + attempts + " attempts");
  }

  private static @Nullable DatagramChannel bind(InetAddress local, int port) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.bind(new InetSocketAddress(local, port));
      return channel;
    } catch (BindException e) {
      channel.close();
      return null;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
