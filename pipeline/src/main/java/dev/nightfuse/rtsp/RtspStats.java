package dev.nightfuse.rtsp;

import dev.nightfuse.stream.View;
import java.util.List;

/**
 * What the server did since start, and its readers now.
 *
 * @param ticks times that it looked after its connections
 * @param connections open now
 * @param connectionsRefused because of a limit
 * @param requestsRefused answered with a status other than 200
 * @param sessionsExpired ended because the client was silent
 * @param readersStalled ended because the client took no data
 * @param units pictures sent, all readers together
 * @param dropped pictures that readers missed because they were slow
 * @param rtcpIgnored packets from clients that were no valid RTCP
 * @param readers one entry per session
 */
record RtspStats(
    long ticks,
    int connections,
    long connectionsAccepted,
    long connectionsRefused,
    long requests,
    long requestsRefused,
    long sessionsStarted,
    long sessionsExpired,
    long readersStalled,
    long units,
    long packets,
    long bytes,
    long dropped,
    long rtcpReceived,
    long rtcpIgnored,
    List<Reader> readers) {

  RtspStats {
    readers = List.copyOf(readers);
  }

  /**
   * One session.
   *
   * @param name address and port of the client's connection
   * @param transport {@code udp} or {@code tcp}
   * @param fractionLost share of packets lost, 0 to 1, as the client reported last
   * @param packetsLost packets lost since the beginning, as the client reported last
   * @param jitterMs as the client reported last
   * @param roundTripMs or -1 while unknown
   */
  record Reader(
      String name,
      String rig,
      View view,
      String transport,
      boolean playing,
      long units,
      long packets,
      long bytes,
      long dropped,
      double fractionLost,
      long packetsLost,
      double jitterMs,
      double roundTripMs) {}
}
