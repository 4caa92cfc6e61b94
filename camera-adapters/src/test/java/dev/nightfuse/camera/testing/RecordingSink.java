package dev.nightfuse.camera.testing;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Writes down what a camera delivers and gives every frame back at once. Safe for every thread. */
public final class RecordingSink implements FrameSink {

  /**
   * What was seen of a frame.
   *
   * @param content what the inspector made of the samples
   */
  public record Seen(long sequence, long captureNs, long arrivalNs, int content) {}

  private final ToIntFunction<Frame> inspector;
  private final List<FrameFormat> formats = new ArrayList<>();
  private final List<Seen> frames = new ArrayList<>();
  private final List<CameraEvent> events = new ArrayList<>();

  public RecordingSink(ToIntFunction<Frame> inspector) {
    this.inspector = inspector;
  }

  @Override
  public synchronized void started(FrameFormat format) {
    formats.add(format);
  }

  @Override
  public void frame(Frame frame) {
    int content = inspector.applyAsInt(frame);
    synchronized (this) {
      frames.add(new Seen(frame.sequence(), frame.captureNs(), frame.arrivalNs(), content));
    }
    frame.release();
  }

  @Override
  public synchronized void event(CameraEvent event) {
    events.add(event);
  }

  public synchronized List<FrameFormat> formats() {
    return List.copyOf(formats);
  }

  public synchronized List<Seen> frames() {
    return List.copyOf(frames);
  }

  public synchronized List<CameraEvent> events() {
    return List.copyOf(events);
  }

  public synchronized int count() {
    return frames.size();
  }

  public synchronized long count(CameraEvent event) {
    return events.stream().filter(e -> e == event).count();
  }
}
