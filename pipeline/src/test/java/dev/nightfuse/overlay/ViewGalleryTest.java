package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Writes every view of real pairs as PNG files to look at: {@code
 * -Dnightfuse.test.args=-Dnightfuse.pictures=FOLDER -Dtest=ViewGalleryTest}.
 */
@EnabledIfSystemProperty(named = "nightfuse.pictures", matches = ".+")
final class ViewGalleryTest {

  private static final Path OUT = Path.of(System.getProperty("nightfuse.pictures", "."));
  private static final Path MSRS =
      Path.of(System.getProperty("nightfuse.root", "..")).resolve("../shared/data/MSRS");

  @Test
  void gallery_ofRealPairs_isWritten() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(MSRS), "no pictures in " + MSRS);
    for (String name : List.of("01190N", "01405D", "01262N")) {
      write(name, 1);
    }
    write("01230N", 2);
  }

  private static void write(String name, int scale) throws IOException {
    Frame visible = enlarged(Pictures.loadVisible(MSRS.resolve("visible/" + name + ".png")), scale);
    Frame infrared = enlarged(Pictures.loadGray(MSRS.resolve("infrared/" + name + ".png")), scale);
    Frame labels = Pictures.loadGray(MSRS.resolve("pseudo_labels/" + name + ".png"));
    FusedFrame frame = frame(fuse(visible, infrared), visible, infrared, labels, Set.of());
    OverlaySettings settings = OverlaySettings.defaults();
    for (View view : View.values()) {
      save(view, settings, frame, name + "-" + view.label());
    }
    for (ThermalPalette palette : ThermalPalette.values()) {
      save(
          View.INFRARED,
          settings.withPalette(palette),
          frame,
          name + "-palette-" + palette.label());
    }
    FusedFrame quarter =
        frame(frame.fused(), visible, infrared, quartered(labels), Set.of(Degradation.FFC));
    save(View.OVERLAY, settings, quarter, name + "-overlay-quarter-ffc");
    FusedFrame many =
        frame(
            frame.fused(),
            visible,
            infrared,
            null,
            Set.of(Degradation.INFRARED_HELD, Degradation.ENGINE_FALLBACK));
    save(View.FUSED, settings, many, name + "-status");
    FusedFrame lost = frame(visible, visible, null, null, Set.of(Degradation.INFRARED_LOST));
    save(View.SIDE_BY_SIDE, settings, lost, name + "-lost");
  }

  private static FusedFrame frame(
      Frame fused,
      Frame visible,
      @Nullable Frame infrared,
      @Nullable Frame labels,
      Set<Degradation> degradations) {
    return new FusedFrame(1, 0, 0, fused, visible, infrared, labels, 0, 140_000_000, degradations);
  }

  private static void save(View view, OverlaySettings settings, FusedFrame frame, String name)
      throws IOException {
    ViewRenderer renderer =
        new ViewRenderer(
            view,
            new OverlayControl(settings),
            ClassPalette.mfnet(),
            2,
            FrameClock.system(),
            new StageMetrics("test", "overlay"));
    Frame picture = renderer.render(frame);
    if (picture != null) {
      Pictures.save(picture, OUT.resolve(name + ".png"));
      picture.release();
    }
  }

  private static Frame fuse(Frame visible, Frame infrared) {
    FrameFormat format = visible.format();
    Frame fused = Pictures.blank(format);
    fused.data().put(0, visible.data(), 0, format.sizeBytes());
    for (int i = 0; i < format.planeSizeBytes(0); i++) {
      int luma = visible.plane(0).get(i) & 0xff;
      int thermal = infrared.plane(0).get(i) & 0xff;
      fused.plane(0).put(i, (byte) Math.max(luma, Math.min(235, (luma + 2 * thermal) / 3)));
    }
    return fused;
  }

  private static Frame enlarged(Frame small, int scale) {
    FrameFormat format = small.format();
    PixelFormat pixels = format.pixelFormat();
    Frame large =
        Pictures.blank(
            new FrameFormat(pixels, format.widthPx() * scale, format.heightPx() * scale));
    for (int plane = 0; plane < pixels.planes(); plane++) {
      for (int y = 0; y < large.format().planeHeight(plane); y++) {
        for (int x = 0; x < large.format().planeWidth(plane); x++) {
          Pictures.set(large, plane, x, y, Pictures.at(small, plane, x / scale, y / scale));
        }
      }
    }
    return large;
  }

  private static Frame quartered(Frame labels) {
    FrameFormat format = labels.format();
    Frame small = Pictures.gray(format.widthPx() / 4, format.heightPx() / 4, 0);
    for (int y = 0; y < small.format().heightPx(); y++) {
      for (int x = 0; x < small.format().widthPx(); x++) {
        Pictures.set(small, 0, x, y, Pictures.at(labels, 0, 4 * x + 2, 4 * y + 2));
      }
    }
    return small;
  }
}
