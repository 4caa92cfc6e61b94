package dev.nightfuse.rtsp;

/**
 * How much one server gives to its clients.
 *
 * @param maxConnections connections at a time; further ones get 503
 * @param maxConnectionsPerAddress connections at a time from one IP address; further ones get 503
 * @param maxReadersPerStream sessions at a time on one stream; further ones get 453
 * @param maxUrlBytes length of a request URL; longer ones get 414
 * @param maxHeaderBytes length of all header lines of a request; longer ones get 400
 * @param maxHeaders number of header fields; more get 400
 * @param maxBodyBytes length of a request body; longer ones get 413
 */
public record RtspLimits(
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxReadersPerStream,
    int maxUrlBytes,
    int maxHeaderBytes,
    int maxHeaders,
    int maxBodyBytes) {

  public RtspLimits {
    Ranges.check("maxConnections", maxConnections, 1, 100_000);
    Ranges.check("maxConnectionsPerAddress", maxConnectionsPerAddress, 1, 100_000);
    Ranges.check("maxReadersPerStream", maxReadersPerStream, 1, 100_000);
    Ranges.check("maxUrlBytes", maxUrlBytes, 64, 65_536);
    Ranges.check("maxHeaderBytes", maxHeaderBytes, 512, 1_048_576);
    Ranges.check("maxHeaders", maxHeaders, 8, 1_000);
    Ranges.check("maxBodyBytes", maxBodyBytes, 0, 1_048_576);
  }

  public static RtspLimits defaults() {
    return new RtspLimits(256, 64, 128, 2_048, 8_192, 64, 16_384);
  }
}
