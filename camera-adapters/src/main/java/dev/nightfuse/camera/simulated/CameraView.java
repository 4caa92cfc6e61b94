package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One camera's picture of the scene, developed into frames. Keeps the class map of each pooled
 * frame in native memory beside it. One thread at a time.
 */
final class CameraView {

  private final FrameFormat format;
  private final Scene scene;
  private final @Nullable VisibleDeveloper visible;
  private final @Nullable InfraredDeveloper infrared;
  private final boolean truth;
  private final List<Double> infraredToVisible;
  private final byte[] line;
  private final IdentityHashMap<Frame, ByteBuffer> classMaps = new IdentityHashMap<>();

  CameraView(SimulatedOptions options, Modality modality) {
    Mount mount = options.mount();
    infraredToVisible = mount.infraredToVisible();
    truth = options.truth();
    if (modality == Modality.VISIBLE) {
      format = new FrameFormat(PixelFormat.I420, options.width(), options.height());
      scene = new Scene(options.seed(), mount.visibleEye(), false);
      visible = new VisibleDeveloper(options.seed(), scene.canvas, scene.glare);
      infrared = null;
    } else {
      format =
          new FrameFormat(PixelFormat.GRAY8, options.infraredWidth(), options.infraredHeight());
      Eye eye = mount.infraredEye((float) options.baselineM());
      scene = new Scene(options.seed(), eye, true);
      visible = null;
      infrared =
          new InfraredDeveloper(
              options.seed(), scene.canvas, mount, format.widthPx(), format.heightPx());
    }
    line = new byte[format.widthPx()];
  }

  FrameFormat format() {
    return format;
  }

  void render(Frame out, long frameNumber, long timeNs) {
    scene.paint(timeNs * 1e-9);
    if (visible != null) {
      visible.develop(frameNumber, out.plane(0), out.plane(1), out.plane(2));
    } else if (infrared != null) {
      infrared.develop(frameNumber, out.plane(0));
    }
    if (truth) {
      ByteBuffer map = classMaps.get(out);
      if (map == null) {
        map = ByteBuffer.allocateDirect(format.widthPx() * format.heightPx());
        classMaps.put(out, map);
      }
      if (infrared != null) {
        infrared.label(line, map);
      } else {
        map.put(0, scene.canvas.label);
      }
      out.attachTruth(new GroundTruth(frameNumber, timeNs, map, infraredToVisible));
    }
  }
}
