package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ManualClock;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** A sink that copies what it needs of every frame and gives the frame back at once. */
final class Take implements FrameSink {

  record Shot(
      long sequence,
      long captureNs,
      long trueNs,
      long number,
      long pixelHash,
      byte[] pixels,
      byte[] classes) {}

  final List<FrameFormat> formats = new ArrayList<>();
  final List<Shot> shots = new ArrayList<>();
  final List<CameraEvent> events = new ArrayList<>();

  static Take of(String address, Modality modality) throws CameraException {
    return of(new SimulatedAdapter(), address, modality, new ManualClock(0));
  }

  static Take of(SimulatedAdapter adapter, String address, Modality modality, FrameClock clock)
      throws CameraException {
    Take take = new Take();
    adapter.open(settings(address, modality, Pacing.AS_TAKEN, clock)).run(take, () -> false);
    return take;
  }

  static CameraSettings settings(String address, Modality modality, Pacing pacing, FrameClock clock)
      throws CameraException {
    return new CameraSettings(
        "test/" + modality.label(), modality, CameraUri.parse(address), pacing, 2, clock);
  }

  @Override
  public void started(FrameFormat format) {
    formats.add(format);
  }

  @Override
  public void frame(Frame frame) {
    GroundTruth truth = Objects.requireNonNull(frame.truth());
    shots.add(
        new Shot(
            frame.sequence(),
            frame.captureNs(),
            truth.trueCaptureNs(),
            truth.frameNumber(),
            hash(frame.data()),
            bytes(frame.plane(0)),
            bytes(truth.classMap())));
    frame.release();
  }

  @Override
  public void event(CameraEvent event) {
    events.add(event);
  }

  private static long hash(ByteBuffer data) {
    CRC32 crc = new CRC32();
    crc.update(data.duplicate().clear());
    return crc.getValue();
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] out = new byte[data.capacity()];
    data.get(0, out);
    return out;
  }
}
