package dev.nightfuse.stream;

/**
 * One encoded picture. Immutable: nobody writes the payload after construction, so that every
 * viewer may share it.
 *
 * @param payload H.264 Annex B byte stream of one picture (start codes 00 00 00 01 or 00 00 01); a
 *     key frame begins with SPS and PPS
 * @param keyFrame whether decoding can start here (IDR)
 * @param sequence number of the access unit in its stream; without gaps as they leave the encoder
 * @param captureNs capture time on the frame clock; strictly increasing within a stream
 * @param captureWallNs the same moment in nanoseconds since 1970-01-01 UTC
 * @param contentAgeNs how much older what it shows is: 0, except where a slow engine's last picture
 *     is shown again
 */
public record AccessUnit(
    byte[] payload,
    boolean keyFrame,
    long sequence,
    long captureNs,
    long captureWallNs,
    long contentAgeNs) {

  /** Time from the capture of what the picture shows. */
  public long latencyNs(long nowNs) {
    return nowNs - captureNs + contentAgeNs;
  }
}
