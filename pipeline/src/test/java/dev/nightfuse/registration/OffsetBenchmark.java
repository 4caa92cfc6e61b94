package dev.nightfuse.registration;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.replay.ReplayAdapter;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import java.util.List;
import java.util.Locale;

/**
 * What {@link TimeOffset} says of two films or simulated cameras that start at the same time, over
 * stretches of some seconds: how much the answers differ from each other, and from the truth where
 * that is known.
 *
 * <pre>
 *   java -cp ... dev.nightfuse.registration.OffsetBenchmark VISIBLE INFRARED SECONDS STRETCHES
 * </pre>
 */
public final class OffsetBenchmark {

  private OffsetBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    double seconds = Double.parseDouble(arguments[2]);
    for (int stretch = 0; stretch < Integer.parseInt(arguments[3]); stretch++) {
      TimeOffset offset = new TimeOffset();
      FrameFormat seen = read(arguments[0], Modality.VISIBLE, seconds, stretch, offset);
      FrameFormat warm = read(arguments[1], Modality.INFRARED, seconds, stretch, offset);
      CameraUri infrared = CameraUri.parse(arguments[1]);
      Calibration calibration =
          infrared.scheme().equals("simulated")
              ? new Calibration(
                  warm.widthPx(),
                  warm.heightPx(),
                  seen.widthPx(),
                  seen.heightPx(),
                  SimulatedAdapter.infraredToVisible(infrared),
                  null,
                  null)
              : Calibration.scaling(
                  warm.widthPx(), warm.heightPx(), seen.widthPx(), seen.heightPx());
      TimeOffset.Found found = offset.find(calibration);
      System.out.printf(
          Locale.ROOT,
          "from %5.1f s: %7.1f ms +- %4.1f %s%n",
          stretch * seconds,
          found.offsetMs(),
          found.spreadMs(),
          found.reliable() ? "" : "not reliable");
    }
  }

  private static FrameFormat read(
      String address, Modality modality, double seconds, int stretch, TimeOffset offset)
      throws Exception {
    CameraAdapters adapters =
        new CameraAdapters(List.of(new ReplayAdapter(), new SimulatedAdapter()));
    CameraSettings settings =
        new CameraSettings(
            modality.label(),
            modality,
            CameraUri.parse(address),
            Pacing.AS_TAKEN,
            8,
            FrameClock.system());
    Stretch taken = new Stretch(modality, seconds, stretch, offset);
    adapters.open(settings).run(taken, () -> taken.done);
    return taken.format;
  }

  private static final class Stretch implements FrameSink {
    private final Modality modality;
    private final double fromS;
    private final double toS;
    private final TimeOffset offset;
    private long startNs = Long.MIN_VALUE;
    private volatile boolean done;
    private FrameFormat format;

    Stretch(Modality modality, double seconds, int stretch, TimeOffset offset) {
      this.modality = modality;
      this.fromS = stretch * seconds;
      this.toS = fromS + seconds;
      this.offset = offset;
    }

    @Override
    public void started(FrameFormat started) {
      format = started;
    }

    @Override
    public void frame(Frame frame) {
      if (startNs == Long.MIN_VALUE) {
        startNs = frame.captureNs();
      }
      double atS = (frame.captureNs() - startNs) / 1e9;
      if (atS >= fromS && atS < toS) {
        offset.add(modality, frame);
      }
      done = atS >= toS;
      frame.release();
    }

    @Override
    public void event(CameraEvent event) {}
  }
}
