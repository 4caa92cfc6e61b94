package dev.nightfuse.sync;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.sync.FramePair.Kind;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of one rig that wait to be fused.
 *
 * <p>Live, late is worse than missing: a pair gives way to the next one as soon as it has waited
 * for as long as the next is younger. Behind a fuser that is slower than the cameras that is the
 * newest pair, always; pairs that come in a burst to a quick one all go out. With files one pair
 * waits, and the cameras with it.
 *
 * <p><b>Thread.</b> One; the counters may be read by any. <b>Clock.</b> The caller's. <b>
 * Ownership.</b> Owns the pairs in it; {@link #close()} releases them.
 */
public final class PairLine implements AutoCloseable {

  /** Beyond this the oldest gives way, however short it has waited. */
  private static final int MOST_PAIRS = 4;

  private record Waiting(FramePair pair, long sinceNs) {}

  private final boolean live;
  private final ArrayDeque<Waiting> pairs = new ArrayDeque<>(MOST_PAIRS + 1);
  private final LongAdder visibleOvertaken = new LongAdder();
  private final LongAdder infraredOvertaken = new LongAdder();

  public PairLine(Pacing pacing) {
    this.live = pacing == Pacing.LIVE;
  }

  /** Whether a pair may be added; always, live. */
  public boolean accepts() {
    return live || pairs.isEmpty();
  }

  /** Takes over the pair. */
  public void add(FramePair pair, long nowNs) {
    pairs.add(new Waiting(pair, nowNs));
    if (live && pairs.size() > MOST_PAIRS) {
      overtake();
    }
  }

  public boolean isEmpty() {
    return pairs.isEmpty();
  }

  /** The pair that would go out now, still the line's; null when none waits. */
  public @Nullable FramePair peek(long nowNs) {
    while (live && pairs.size() > 1 && late(nowNs)) {
      overtake();
    }
    Waiting first = pairs.peek();
    return first == null ? null : first.pair;
  }

  /** The pair that goes out now, now the caller's; null when none waits. */
  public @Nullable FramePair take(long nowNs) {
    FramePair first = peek(nowNs);
    if (first != null) {
      pairs.remove();
    }
    return first;
  }

  /** Frames of a camera that were matched and then overtaken, since the start. */
  public long overtaken(Modality modality) {
    return (modality == Modality.VISIBLE ? visibleOvertaken : infraredOvertaken).sum();
  }

  @Override
  public void close() {
    pairs.forEach(waiting -> waiting.pair.release());
    pairs.clear();
  }

  /** Whether the first has waited for as long as the second is younger. */
  private boolean late(long nowNs) {
    var all = pairs.iterator();
    Waiting first = all.next();
    return nowNs - first.sinceNs >= all.next().pair.captureNs() - first.pair.captureNs();
  }

  private void overtake() {
    FramePair first = pairs.remove().pair;
    FramePair second = pairs.element().pair;
    if (first.visible() != null) {
      visibleOvertaken.increment();
    }
    boolean fresh = first.kind() == Kind.MATCHED || first.kind() == Kind.INFRARED_ONLY;
    if (fresh && first.infrared() != second.infrared()) {
      infraredOvertaken.increment();
    }
    first.release();
  }
}
