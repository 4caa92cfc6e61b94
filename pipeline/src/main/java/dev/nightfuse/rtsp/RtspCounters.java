package dev.nightfuse.rtsp;

import java.util.List;

/** Totals of a server. Event loop thread only; {@link RtspStats} is the copy for others. */
final class RtspCounters {
  long ticks;
  long connectionsAccepted;
  long connectionsRefused;
  long requests;
  long requestsRefused;
  long sessionsStarted;
  long sessionsExpired;
  long readersStalled;
  long units;
  long packets;
  long bytes;
  long dropped;
  long rtcpReceived;
  long rtcpIgnored;

  RtspStats snapshot(int connections, List<RtspStats.Reader> readers) {
    return new RtspStats(
        ticks,
        connections,
        connectionsAccepted,
        connectionsRefused,
        requests,
        requestsRefused,
        sessionsStarted,
        sessionsExpired,
        readersStalled,
        units,
        packets,
        bytes,
        dropped,
        rtcpReceived,
        rtcpIgnored,
        readers);
  }
}
