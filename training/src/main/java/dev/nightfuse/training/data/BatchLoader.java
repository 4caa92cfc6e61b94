package dev.nightfuse.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of a run ahead of their use, on one thread of its own and so in order. {@link
 * #next} is for one thread at a time; {@link #close} ends and joins the loader's.
 *
 * <pre>
 * BatchSampler --> picks --> PairDataset --> Augmenter --> queue --> next()
 * </pre>
 */
public final class BatchLoader implements AutoCloseable {

  /** Two are enough when a batch takes less time to make than to learn from. */
  private static final int AHEAD = 2;

  private record Made(@Nullable SampleBatch batch, @Nullable Throwable failure) {}

  private final BatchSampler sampler;
  private final List<PairDataset> sources;
  private final Augmenter augmenter;
  private final BlockingQueue<Made> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  /**
   * @param sources in the order of the sampler's
   * @param firstStep of the sampler; a run that is taken up starts where it stopped
   */
  public BatchLoader(
      BatchSampler sampler, List<PairDataset> sources, Augmenter augmenter, long firstStep) {
    this.sampler = sampler;
    this.sources = List.copyOf(sources);
    this.augmenter = augmenter;
    this.thread = new Thread(() -> run(firstStep), "load-batches");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(long firstStep) {
    try {
      for (long step = firstStep; ; step++) {
        Made made;
        try {
          made = new Made(make(step), null);
        } catch (Throwable e) {
          // Whatever it is, running out of memory included: next() would wait for ever.
          made = new Made(null, e);
        }
        queue.put(made);
        if (made.failure() != null) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SampleBatch make(long step) {
    List<TrainingSample> samples = new ArrayList<>();
    List<Integer> sets = new ArrayList<>();
    for (BatchSampler.Pick pick : sampler.step(step)) {
      samples.add(augmenter.apply(sources.get(pick.source()).load(pick.index()), pick.seed()));
      sets.add(pick.source());
    }
    return new SampleBatch(step, List.copyOf(samples), List.copyOf(sets));
  }

  /**
   * The next batch, waiting for it where it must.
   *
   * @throws java.io.UncheckedIOException when a file could not be read
   */
  public SampleBatch next() throws InterruptedException {
    Made made = queue.take();
    if (made.failure() != null) {
      // Whoever asks again is told again.
      queue.put(made);
      if (made.failure() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) made.failure();
    }
    if (made.batch() == null) {
      throw new IllegalStateException("neither a batch nor a failure");
    }
    return made.batch();
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
