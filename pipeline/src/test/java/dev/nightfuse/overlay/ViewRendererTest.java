package dev.nightfuse.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ViewRendererTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private final OverlayControl control = new OverlayControl(OverlaySettings.defaults());
  private final StageMetrics metrics = new StageMetrics("rig", "overlay");
  private final Frame fused = Pictures.i420(WIDTH, HEIGHT, 120, 90, 160);
  private final Frame visible = Pictures.i420(WIDTH, HEIGHT, 60, 100, 140);
  private final Frame infrared = Pictures.gray(WIDTH, HEIGHT, 200);
  private @Nullable Frame labels;
  private final Set<Degradation> degradations = EnumSet.noneOf(Degradation.class);

  private FusedFrame frame() {
    return new FusedFrame(
        7, 1_000, 2_000, fused, visible, infrared, labels, 0, 140_900_000, degradations);
  }

  private FusedFrame without(boolean noVisible, boolean noInfrared) {
    return new FusedFrame(
        7,
        1_000,
        2_000,
        fused,
        noVisible ? null : visible,
        noInfrared ? null : infrared,
        null,
        0,
        0,
        degradations);
  }

  private ViewRenderer renderer(View view) {
    return new ViewRenderer(view, control, ClassPalette.mfnet(), 2, FrameClock.system(), metrics);
  }

  private Frame render(View view, FusedFrame frame) {
    Frame picture = renderer(view).render(frame);
    assertNotNull(picture);
    return picture;
  }

  @Test
  void fusedAndVisible_nothingToDraw_areTheFramesThemselves() {
    assertSame(fused, render(View.FUSED, frame()));
    assertSame(visible, render(View.VISIBLE, frame()));
    fused.release();
    visible.release();
    fused.release();
    visible.release();
    assertThrows(IllegalStateException.class, fused::data, "one reference was added, not more");
  }

  @Test
  void overlay_noLabelsOrAllOff_isTheFusedFrameItself() {
    assertSame(fused, render(View.OVERLAY, frame()));
    labels = Pictures.gray(16, 16, 2);
    control.update(s -> s.withOpacity(0));
    assertSame(fused, render(View.OVERLAY, frame()));
  }

  @Test
  void overlay_labels_tintTheChromaInTheColourOfTheLegend() {
    labels = Pictures.gray(WIDTH / 4, HEIGHT / 3, 2);
    control.update(s -> s.withOpacity(1));
    Frame picture = render(View.OVERLAY, frame());
    Yuv person = Yuv.ofRgb(ClassPalette.mfnet().entries().get(1).rgb());
    assertEquals("person", ClassPalette.mfnet().entries().get(1).name());
    assertEquals(person.u(), Pictures.at(picture, 1, 5, 5));
    assertEquals(person.v(), Pictures.at(picture, 2, 5, 5));
    assertEquals(120, Pictures.at(picture, 0, 10, 10), "luma is the fused luma");
    assertEquals(90, Pictures.at(fused, 1, 5, 5), "the fused frame is not drawn on");
    assertEquals(7, picture.sequence());
    assertEquals(1_000, picture.captureNs());
  }

  @Test
  void overlay_classSwitchedOffWhileRunning_isNoLongerTinted() {
    labels = Pictures.gray(WIDTH, HEIGHT, 1);
    ViewRenderer renderer = renderer(View.OVERLAY);
    Frame on = renderer.render(frame());
    control.update(s -> s.withClass(1, false));
    Frame off = renderer.render(frame());
    assertNotNull(on);
    assertNotNull(off);
    assertNotEquals(90, Pictures.at(on, 1, 3, 3));
    assertEquals(90, Pictures.at(off, 1, 3, 3));
  }

  @Test
  void overlay_simulatedCamera_groundTruthIsShownWhereTheNetworkGivesNoLabels() {
    ByteBuffer truth = ByteBuffer.allocateDirect(WIDTH * HEIGHT);
    truth.put(10 * WIDTH + 20, (byte) 0);
    for (int i = 0; i < WIDTH * HEIGHT / 2; i++) {
      truth.put(i, (byte) 3);
    }
    visible.attachTruth(new GroundTruth(1, 0, truth, List.of()));
    Frame picture = render(View.OVERLAY, frame());
    assertNotEquals(90, Pictures.at(picture, 1, 10, 2));
    assertEquals(90, Pictures.at(picture, 1, 10, HEIGHT / 2 - 2));
  }

  @ParameterizedTest
  @EnumSource(ThermalPalette.class)
  void infrared_everyPalette_paintsTheColourOfTheValue(ThermalPalette palette) {
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      infrared.plane(0).put(i, (byte) ((i % WIDTH / 2 + i / WIDTH / 2 * 32) % 256));
    }
    control.update(s -> s.withPalette(palette));
    Frame picture = render(View.INFRARED, frame());
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        Yuv colour = Yuv.ofRgb(palette.rgb(Pictures.at(infrared, 0, x, y)));
        assertEquals(colour.y(), Pictures.at(picture, 0, x, y));
        assertEquals(colour.u(), Pictures.at(picture, 1, x / 2, y / 2));
        assertEquals(colour.v(), Pictures.at(picture, 2, x / 2, y / 2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ThermalPalette.class)
  void palette_fromColdToHot_hasNoJumps(ThermalPalette palette) {
    assertEquals(palette, ThermalPalette.byLabel(palette.label()).orElseThrow());
    for (int value = 1; value < 256; value++) {
      Yuv before = Yuv.ofRgb(palette.rgb(value - 1));
      Yuv now = Yuv.ofRgb(palette.rgb(value));
      assertTrue(Math.abs(now.y() - before.y()) <= 8, "luma jumps at " + value);
      assertTrue(Math.abs(now.u() - before.u()) <= 8, "U jumps at " + value);
      assertTrue(Math.abs(now.v() - before.v()) <= 9, "V jumps at " + value);
    }
  }

  @Test
  void infrared_noThermalPicture_isBlackWithItsReason() {
    degradations.add(Degradation.INFRARED_LOST);
    Frame picture = render(View.INFRARED, without(false, true));
    assertEquals(16, Pictures.at(picture, 0, WIDTH - 1, HEIGHT - 1));
    assertEquals(128, Pictures.at(picture, 1, WIDTH / 2 - 1, HEIGHT / 2 - 1));
    assertTrue(countWhite(picture) > 20);
  }

  @ParameterizedTest
  @CsvSource({"640, 480, 960, 480", "1280, 720, 1920, 720", "66, 50, 98, 50", "33, 19, 48, 18"})
  void sideBySide_anySize_isEvenAndHoldsAllThree(int width, int height, int outW, int outH) {
    Frame f = Pictures.i420(width, height, 120, 90, 160);
    Frame v = Pictures.i420(width, height, 60, 100, 140);
    Frame t = Pictures.gray(width, height, 200);
    FusedFrame all = new FusedFrame(1, 0, 0, f, v, t, null, 0, 0, Set.of());
    Frame picture = render(View.SIDE_BY_SIDE, all);
    assertEquals(new FrameFormat(PixelFormat.I420, outW, outH), picture.format());
    Yuv hot = Yuv.ofRgb(ThermalPalette.IRON.rgb(200));
    int left = width & ~1;
    int middle = (outH / 2) & ~1;
    assertEquals(120, Pictures.at(picture, 0, 0, 0));
    assertEquals(120, Pictures.at(picture, 0, left - 1, 0));
    assertEquals(60, Pictures.at(picture, 0, left, 0));
    assertEquals(60, Pictures.at(picture, 0, outW - 1, middle - 1));
    assertEquals(hot.y(), Pictures.at(picture, 0, left, middle));
    assertEquals(90, Pictures.at(picture, 1, 0, 0));
    assertEquals(140, Pictures.at(picture, 2, left / 2, 0));
    assertEquals(hot.v(), Pictures.at(picture, 2, outW / 2 - 1, middle / 2));
  }

  @Test
  void sideBySide_gradient_isHalvedByMeans() {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        Pictures.set(visible, 0, x, y, 2 * x + y);
      }
    }
    Frame picture = render(View.SIDE_BY_SIDE, frame());
    for (int x = 0; x < WIDTH / 2; x++) {
      // 2x2 mean of 2x + y at (2x, 2y): 4x + 2y + 1.5, rounded up.
      assertEquals(4 * x + 2 * 3 + 2, Pictures.at(picture, 0, WIDTH + x, 3));
    }
  }

  @Test
  void status_degraded_isWrittenOnACopyAndOnlyThen() {
    assertSame(fused, render(View.FUSED, frame()));
    degradations.add(Degradation.FFC);
    Frame picture = render(View.FUSED, frame());
    assertNotSame(fused, picture);
    assertTrue(countWhite(picture) > 30);
    assertEquals(120, Pictures.at(picture, 0, WIDTH - 1, HEIGHT - 1));
    degradations.clear();
    assertSame(fused, render(View.FUSED, frame()));
  }

  @Test
  void status_text_namesEveryDegradationAndTheAge() {
    degradations.add(Degradation.INFRARED_HELD);
    degradations.add(Degradation.ENGINE_FALLBACK);
    assertEquals("THERMAL HELD 140 MS, FALLBACK FUSION", StatusText.of(frame(), View.FUSED));
    degradations.clear();
    assertEquals("", StatusText.of(frame(), View.FUSED));
  }

  @Test
  void render_engineSlow_ageIsToldWhereItsPictureIsShown() {
    FusedFrame late =
        new FusedFrame(
            7,
            1_000,
            2_000,
            fused,
            visible,
            infrared,
            labels,
            0,
            0,
            2_570_000_000L,
            true,
            false,
            Set.of(Degradation.ENGINE_SLOW));
    assertEquals("ENGINE SLOW 2.5 S", StatusText.of(late, View.FUSED));
    assertEquals("ENGINE SLOW 2.5 S", StatusText.of(late, View.SIDE_BY_SIDE));
    assertEquals("", StatusText.of(late, View.VISIBLE));
    assertEquals("", StatusText.of(late, View.INFRARED));
  }

  @Test
  void text_everyLabel_hasAGlyphForEveryLetter() {
    Font font = new Font();
    for (Degradation degradation : Degradation.values()) {
      for (char c : (degradation.label() + "0123456789, .").toCharArray()) {
        for (int row = 0; c != '?' && row < Font.HEIGHT; row++) {
          int dots = font.dots(c, row);
          assertTrue(dots >= 0 && dots < 32);
        }
        assertFalse(c != '?' && same(font, c, '?'), "no glyph for " + c);
      }
    }
    Set<List<Integer>> glyphs = new HashSet<>();
    for (char c = 'A'; c <= 'Z'; c++) {
      List<Integer> rows = new ArrayList<>();
      for (int row = 0; row < Font.HEIGHT; row++) {
        rows.add(font.dots(c, row));
      }
      assertTrue(glyphs.add(rows), "two letters look alike: " + c);
    }
  }

  @Test
  void text_tooLongOrTooLow_isCutOffAtThePicturesEdge() {
    Frame small = Pictures.i420(17, 17, 200, 20, 20);
    new TextBox().draw("A LONG LINE THAT DOES NOT FIT", small, 4, 4, 3);
    assertEquals(200, Pictures.at(small, 0, 16, 16), "beyond the even part");
    assertEquals(200, Pictures.at(small, 0, 3, 10));
    new TextBox().draw("X", small, 20, 20, 1);
  }

  @Test
  void pool_encoderHoldsEverything_nullAndCounted() {
    ViewRenderer renderer = renderer(View.INFRARED);
    Frame first = renderer.render(frame());
    assertNotNull(first);
    assertNotNull(renderer.render(frame()));
    assertNull(renderer.render(frame()));
    assertEquals(1, metrics.droppedCount());
    first.release();
    assertNotNull(renderer.render(frame()));
    assertEquals(3, metrics.processedCount());
  }

  @Test
  void classes_ofTheDataSet_haveDistinctColoursInTheDataSetsOrder() {
    List<ClassPalette.Entry> entries = ClassPalette.mfnet().entries();
    assertEquals(8, entries.size());
    assertEquals(
        GroundTruth.CLASSES.subList(1, 9), entries.stream().map(ClassPalette.Entry::name).toList());
    assertEquals(8, entries.stream().map(ClassPalette.Entry::hex).distinct().count());
    assertEquals("#3d8bff", entries.get(0).hex());
    assertEquals(3, ClassPalette.of(List.of("none", "sky", "car", "tree")).entries().size());
  }

  @Test
  void settings_opacityOutOfRange_messageNamesIt() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> OverlaySettings.defaults().withOpacity(1.5));
    assertEquals("overlay opacity 1.5: 0 to 1 is allowed", e.getMessage());
  }

  private static boolean same(Font font, char a, char b) {
    for (int row = 0; row < Font.HEIGHT; row++) {
      if (font.dots(a, row) != font.dots(b, row)) {
        return false;
      }
    }
    return true;
  }

  private static int countWhite(Frame picture) {
    int white = 0;
    for (int i = 0; i < picture.format().planeSizeBytes(0); i++) {
      white += (picture.plane(0).get(i) & 0xff) == 235 ? 1 : 0;
    }
    return white;
  }
}
