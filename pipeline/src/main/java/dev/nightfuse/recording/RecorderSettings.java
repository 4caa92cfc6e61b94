package dev.nightfuse.recording;

import java.nio.file.Path;

/**
 * Where and how a rig is recorded.
 *
 * @param directory folder of all recordings; the rig's name is a folder in it
 * @param segmentMs length of a file; it ends at the first key frame after that
 * @param fragmentMs what a crash may cost: this much is written at once
 * @param minFreeBytes recording stops rather than leave less than this on the disk
 * @param queueUnits access units that wait for a slow disk
 */
public record RecorderSettings(
    Path directory, long segmentMs, long fragmentMs, long minFreeBytes, int queueUnits) {

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
  }

  /** Half-second fragments, 64 MiB kept free, ten seconds of queue. */
  public static RecorderSettings of(Path directory, long segmentMs) {
    return new RecorderSettings(
        directory, segmentMs, DEFAULT_FRAGMENT_MS, DEFAULT_MIN_FREE_BYTES, DEFAULT_QUEUE_UNITS);
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
