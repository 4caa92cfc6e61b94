package dev.nightfuse.training.data;

/**
 * Pairs by number. Implementations are immutable after construction and safe for several threads;
 * the same index gives the same pair every time.
 */
public interface PairDataset {

  int size();

  /** The name of a pair, without reading it. */
  String name(int index);

  /**
   * Decodes one pair; slow, a file or two are read.
   *
   * @throws java.io.UncheckedIOException when a file cannot be read; names it
   */
  TrainingSample load(int index);
}
