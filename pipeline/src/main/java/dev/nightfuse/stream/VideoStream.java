package dev.nightfuse.stream;

import java.util.concurrent.CompletableFuture;

/**
 * One view of one rig as encoded video: the only thing outputs know of the pipeline. Encoded only
 * while someone is subscribed or waits for {@link #info()}.
 *
 * <p>Safe for every thread.
 */
public interface VideoStream {

  String rig();

  View view();

  /**
   * Parameters of the stream, as soon as known; starts the encoder if it must and keeps it for a
   * few seconds. Completes exceptionally when no picture came within five seconds.
   */
  CompletableFuture<StreamInfo> info();

  /**
   * Attaches a viewer. Its first unit is a key frame, which the encoder is asked for at once. A
   * viewer that does not keep up loses whole groups: its queue is cleared and it goes on at the
   * next key frame; the loss is counted. Nobody else notices.
   *
   * @param name for metrics and logs, such as {@code rtsp 10.0.0.7:4711}
   * @param queueUnits bound of the viewer's queue
   * @param wakeUp called, from the publishing thread, when the queue turned from empty to not empty
   *     and when the stream ended; must return at once (schedule a task on the output's own event
   *     loop)
   */
  Subscription subscribe(String name, int queueUnits, Runnable wakeUp);

  /** Number of viewers now. */
  int viewers();
}
