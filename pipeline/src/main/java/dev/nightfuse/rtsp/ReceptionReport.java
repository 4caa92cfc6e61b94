package dev.nightfuse.rtsp;

/**
 * What a receiver says about our packets (RFC 3550 section 6.4.1).
 *
 * @param fractionLost share of packets lost since its last report, 0 to 1
 * @param packetsLost packets lost since it began; negative where some came twice
 * @param highestSequence highest sequence number it received, with the count of wraps above
 * @param jitterTicks mean deviation of the transit time in 90 kHz ticks
 * @param lastReport middle 32 bits of the NTP time of our last report it saw, 0 for none
 * @param delaySinceLastReport between that and this report, in 1/65536 s
 */
record ReceptionReport(
    double fractionLost,
    int packetsLost,
    long highestSequence,
    long jitterTicks,
    int lastReport,
    int delaySinceLastReport) {

  /** Round trip time, or -1 where the receiver has seen no report of ours. */
  double roundTripMs(long wallNowNs) {
    if (lastReport == 0) {
      return -1;
    }
    int now = (int) (RtcpWriter.ntp(wallNowNs) >>> 16);
    // A step of the wall clock between report and answer makes nonsense of it; clamp to zero.
    return Math.max(0, now - lastReport - delaySinceLastReport) * 1_000.0 / 65_536;
  }
}
