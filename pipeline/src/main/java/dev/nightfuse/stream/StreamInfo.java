package dev.nightfuse.stream;

/**
 * What a viewer must know before the first picture.
 *
 * @param widthPx coded picture width
 * @param heightPx coded picture height
 * @param framesPerSecond nominal rate, for descriptions only
 * @param sps sequence parameter set NAL unit, without start code
 * @param pps picture parameter set NAL unit, without start code
 */
public record StreamInfo(
    int widthPx, int heightPx, double framesPerSecond, byte[] sps, byte[] pps) {}
