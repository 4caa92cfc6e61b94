package dev.nightfuse.telemetry;

/**
 * What a stream counts, at one moment. All counts are since start.
 *
 * @param view name of the view
 * @param viewers viewers now
 * @param units encoded pictures
 * @param bytes their size
 * @param dropped pictures that slow viewers lost
 * @param encoder name of the encoder while the view is watched, else ""
 */
public record StreamReading(
    String view, int viewers, long units, long bytes, long dropped, String encoder) {}
