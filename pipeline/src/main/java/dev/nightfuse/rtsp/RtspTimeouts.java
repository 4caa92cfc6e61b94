package dev.nightfuse.rtsp;

/**
 * How long a server waits for its clients. Judged four times a second.
 *
 * @param firstRequestMs from the connection to its first complete request
 * @param requestMs from the first byte of a request to its last, however slowly they trickle in
 * @param sessionMs without a request or a receiver report before a session is ended, and without a
 *     request before a connection that has no session is closed; announced in whole seconds
 * @param stalledReaderMs without progress of a reader that has data waiting before it is closed
 * @param describeMs that DESCRIBE waits for the parameter sets before it answers 503
 */
public record RtspTimeouts(
    int firstRequestMs, int requestMs, int sessionMs, int stalledReaderMs, int describeMs) {

  public RtspTimeouts {
    Ranges.check("firstRequestMs", firstRequestMs, 100, 600_000);
    Ranges.check("requestMs", requestMs, 100, 600_000);
    Ranges.check("sessionMs", sessionMs, 1_000, 3_600_000);
    Ranges.check("stalledReaderMs", stalledReaderMs, 100, 600_000);
    Ranges.check("describeMs", describeMs, 100, 600_000);
  }

  public static RtspTimeouts defaults() {
    return new RtspTimeouts(10_000, 10_000, 60_000, 10_000, 6_000);
  }
}
