package dev.nightfuse.recording;

import java.nio.file.Path;

/**
 * Where and how a rig is recorded.
 *
 * @param directory folder of all recordings; the rig's name is a folder in it
 * @param segmentMs length of a file; it ends at the first key frame after that
 * @param fragmentMs what a crash may cost: this much is written at once
 * @param minFreeBytes recording stops, or the oldest recordings go, rather than leave less than
 *     this on the disk
 * @param queueUnits access units that wait for a slow disk
 * @param keepBytes size of a rig's recordings beyond which the oldest are deleted; 0 for no limit
 * @param deleteWhenFull whether the oldest are deleted when the disk is full
 */
public record RecorderSettings(
    Path directory,
    long segmentMs,
    long fragmentMs,
    long minFreeBytes,
    int queueUnits,
    long keepBytes,
    boolean deleteWhenFull) {

  private static final long DEFAULT_FRAGMENT_MS = 500;
  private static final long DEFAULT_MIN_FREE_BYTES = 64L << 20;

  /** Ten seconds at 30 fps; some 3 MB at 2.5 Mbit/s. */
  private static final int DEFAULT_QUEUE_UNITS = 300;

  public RecorderSettings {
    if (segmentMs < 1_000 || segmentMs > 3_600_000) {
      throw new IllegalArgumentException(
          "recording segment of %d ms: must be 1000 to 3600000".formatted(segmentMs));
    }
    if (fragmentMs < 50 || fragmentMs > 1_000) {
      throw new IllegalArgumentException(
          "recording fragment of %d ms: must be 50 to 1000".formatted(fragmentMs));
    }
    if (keepBytes < 0) {
      throw new IllegalArgumentException(
          "recordings of %d bytes: must be 0 or more".formatted(keepBytes));
    }
  }

  /** Half-second fragments, 64 MiB kept free, ten seconds of queue; nothing is ever deleted. */
  public static RecorderSettings of(Path directory, long segmentMs) {
    return new RecorderSettings(
        directory,
        segmentMs,
        DEFAULT_FRAGMENT_MS,
        DEFAULT_MIN_FREE_BYTES,
        DEFAULT_QUEUE_UNITS,
        0,
        false);
  }

  /** These settings with what becomes of old recordings. */
  public RecorderSettings keeping(long bytes, boolean deletingWhenFull) {
    return new RecorderSettings(
        directory, segmentMs, fragmentMs, minFreeBytes, queueUnits, bytes, deletingWhenFull);
  }

  /**
   * Whether the oldest may go at all. Who gave a size has agreed to lose the oldest, and would
   * rather lose them than what happens now.
   */
  boolean deletesOldest() {
    return deleteWhenFull || keepBytes > 0;
  }

  /** The folder of one rig. */
  Path folder(String rig) {
    Path folder = directory.resolve(rig).normalize();
    if (rig.isBlank() || !directory.normalize().equals(folder.getParent())) {
      throw new IllegalArgumentException("rig name \"%s\" is no folder name".formatted(rig));
    }
    return folder;
  }
}
