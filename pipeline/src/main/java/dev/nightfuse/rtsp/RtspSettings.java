package dev.nightfuse.rtsp;

/**
 * Where and how the server serves.
 *
 * @param bindAddress IP address to listen on; {@code 0.0.0.0} or {@code ::} for all
 * @param port TCP port; 0 takes a free one, {@link RtspServer#port()} tells which
 * @param udp whether RTP over UDP is offered; where not, clients fall back to TCP on 461
 * @param udpFirstPort first of the UDP ports to use for RTP and RTCP, for firewalls; 0 for any
 * @param udpLastPort last of them; 0 for any
 * @param maxPacketBytes size of the largest RTP packet; 1452 fits Ethernet under IPv6 and UDP
 * @param queueUnits pictures a reader may lag behind before it skips to the next key frame
 */
public record RtspSettings(
    String bindAddress,
    int port,
    boolean udp,
    int udpFirstPort,
    int udpLastPort,
    int maxPacketBytes,
    int queueUnits,
    RtspLimits limits,
    RtspTimeouts timeouts) {

  public RtspSettings {
    Ranges.check("port", port, 0, 65_535);
    Ranges.check("udpFirstPort", udpFirstPort, 0, 65_535);
    Ranges.check("udpLastPort", udpLastPort, 0, 65_535);
    Ranges.check("maxPacketBytes", maxPacketBytes, 256, 1_452);
    Ranges.check("queueUnits", queueUnits, 2, 10_000);
    if ((udpFirstPort == 0) != (udpLastPort == 0)
        || (udpFirstPort != 0 && udpLastPort - udpFirstPort < 1)) {
      throw new IllegalArgumentException(
          "RTSP setting udpFirstPort to udpLastPort is "
              + udpFirstPort
              + " to "
              + udpLastPort
              + ", allowed is 0 to 0 or a range of two ports or more");
    }
  }

  /** Port 8554 on all interfaces, UDP and TCP. */
  public static RtspSettings defaults() {
    return new RtspSettings(
        "0.0.0.0", 8_554, true, 0, 0, 1_452, 30, RtspLimits.defaults(), RtspTimeouts.defaults());
  }

  /** These settings at another address. */
  public RtspSettings listeningOn(String address, int tcpPort) {
    return new RtspSettings(
        address,
        tcpPort,
        udp,
        udpFirstPort,
        udpLastPort,
        maxPacketBytes,
        queueUnits,
        limits,
        timeouts);
  }
}
