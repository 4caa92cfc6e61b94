package dev.nightfuse.training.data;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps decoded pairs up to a limit of memory, the last used longest. Safe for several threads; a
 * pair that two ask for at once may be read twice.
 */
public final class SampleCache implements PairDataset {

  /** More than the largest data set that was at hand takes; the rest is for weights. */
  private static final long MOST_BYTES = 1800L << 20;

  private final PairDataset source;
  private final long limitBytes;

  /** In the order of use; guarded by itself. */
  private final Map<Integer, TrainingSample> kept = new LinkedHashMap<>(16, 0.75f, true);

  private long keptBytes;

  public SampleCache(PairDataset source, long limitBytes) {
    this.source = source;
    this.limitBytes = limitBytes;
  }

  /** What each of so many data sets may keep: half of the heap between them. */
  public static long shareBytes(long heapBytes, int sets) {
    return Math.min(MOST_BYTES, heapBytes / 2) / sets;
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public String name(int index) {
    return source.name(index);
  }

  @Override
  public TrainingSample load(int index) {
    synchronized (kept) {
      TrainingSample found = kept.get(index);
      if (found != null) {
        return found;
      }
    }
    TrainingSample sample = source.load(index);
    synchronized (kept) {
      if (sizeBytes(sample) <= limitBytes && kept.putIfAbsent(index, sample) == null) {
        keptBytes += sizeBytes(sample);
        var eldest = kept.values().iterator();
        while (keptBytes > limitBytes) {
          keptBytes -= sizeBytes(eldest.next());
          eldest.remove();
        }
      }
    }
    return sample;
  }

  private static long sizeBytes(TrainingSample sample) {
    return (sample.labels() == null ? 4L : 5L) * sample.widthPx() * sample.heightPx();
  }
}
