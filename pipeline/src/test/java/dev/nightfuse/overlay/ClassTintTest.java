package dev.nightfuse.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.frame.Frame;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tints and outlines against the plain definition, pixel by pixel. */
final class ClassTintTest {

  private static final OverlaySettings USUAL = OverlaySettings.defaults();

  @ParameterizedTest
  @CsvSource({
    "64, 48, 64, 48",
    "64, 48, 16, 12",
    "64, 48, 32, 24",
    "66, 50, 16, 16",
    "65, 47, 65, 47",
    "33, 17, 20, 19",
    "640, 480, 160, 120",
    "32, 32, 64, 64"
  })
  void tint_randomLabelsAtAnyScale_isWhatEveryChromaSampleShouldBe(
      int width, int height, int labelWidth, int labelHeight) {
    Random random = new Random(width * 31L + labelWidth);
    LabelMap map = blobs(random, labelWidth, labelHeight);
    Frame picture = Pictures.i420(width, height, 100, 0, 0);
    for (int plane = 1; plane <= 2; plane++) {
      for (int i = 0; i < picture.format().planeSizeBytes(plane); i++) {
        picture.plane(plane).put(i, (byte) random.nextInt(256));
      }
    }
    Frame before = copy(picture);
    OverlaySettings settings = USUAL.withOpacity(0.25 * random.nextInt(5)).withClass(2, false);
    new ClassTint(ClassPalette.mfnet(), USUAL).draw(map, settings, picture);

    int weight = (int) Math.round(settings.opacity() * 256);
    for (int y = 0; y < picture.format().planeHeight(1); y++) {
      for (int x = 0; x < picture.format().planeWidth(1); x++) {
        int label = labelAt(map, (2.0 * x + 1) / width, (2.0 * y + 1) / height);
        int u = Pictures.at(before, 1, x, y);
        int v = Pictures.at(before, 2, x, y);
        if (label > 0 && label != 2 && label < 9) {
          Yuv colour = Yuv.ofRgb(ClassPalette.mfnet().entries().get(label - 1).rgb());
          u = (u * (256 - weight) + colour.u() * weight + 128) >> 8;
          v = (v * (256 - weight) + colour.v() * weight + 128) >> 8;
        }
        assertEquals(u, Pictures.at(picture, 1, x, y), "U at " + x + "," + y);
        assertEquals(v, Pictures.at(picture, 2, x, y), "V at " + x + "," + y);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 48, 64, 48",
    "64, 48, 16, 12",
    "66, 50, 33, 25",
    "65, 47, 20, 19",
    "640, 480, 160, 120"
  })
  void outline_randomLabels_isDrawnExactlyWhereTheClassOfANeighbourDiffers(
      int width, int height, int labelWidth, int labelHeight) {
    LabelMap map = blobs(new Random(height), labelWidth, labelHeight);
    Frame picture = Pictures.i420(width, height, 77, 128, 128);
    OverlaySettings settings = USUAL.withClass(1, false);
    new ClassTint(ClassPalette.mfnet(), settings).draw(map, settings, picture);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int label = pixelLabel(map, x, y, width, height);
        boolean border =
            pixelLabel(map, Math.max(0, x - 1), y, width, height) != label
                || pixelLabel(map, Math.min(width - 1, x + 1), y, width, height) != label
                || pixelLabel(map, x, Math.max(0, y - 1), width, height) != label
                || pixelLabel(map, x, Math.min(height - 1, y + 1), width, height) != label;
        boolean drawn = border && label > 1 && label < 9;
        int expected =
            drawn ? Yuv.ofRgb(ClassPalette.mfnet().entries().get(label - 1).rgb()).y() : 77;
        assertEquals(expected, Pictures.at(picture, 0, x, y), "luma at " + x + "," + y);
      }
    }
  }

  @Test
  void draw_labelValuesBeyondTheClasses_areLeftAlone() {
    ByteBuffer labels = ByteBuffer.allocateDirect(64 * 48);
    for (int i = 0; i < labels.capacity(); i++) {
      labels.put(i, (byte) (i % 2 == 0 ? 255 : 200));
    }
    Frame picture = Pictures.i420(64, 48, 77, 10, 240);
    Frame before = copy(picture);
    new ClassTint(ClassPalette.mfnet(), USUAL).draw(new LabelMap(labels, 64, 48), USUAL, picture);
    assertEquals(before.data(), picture.data());
  }

  private static Frame copy(Frame frame) {
    Frame copy = Pictures.blank(frame.format());
    copy.data().put(0, frame.data(), 0, frame.format().sizeBytes());
    return copy;
  }

  private static int pixelLabel(LabelMap map, int x, int y, int width, int height) {
    return labelAt(map, (x + 0.5) / width, (y + 0.5) / height);
  }

  /** The label under a point given as a part of the picture's width and height. */
  private static int labelAt(LabelMap map, double x, double y) {
    int column = (int) Math.min(map.widthPx() - 1, Math.floor(x * map.widthPx() + 1e-9));
    int row = (int) Math.min(map.heightPx() - 1, Math.floor(y * map.heightPx() + 1e-9));
    return map.labels().get(row * map.widthPx() + column) & 0xff;
  }

  /** Rectangles of all classes, single pixels, and values that are no class. */
  private static LabelMap blobs(Random random, int width, int height) {
    ByteBuffer labels = ByteBuffer.allocateDirect(width * height);
    for (int i = 0; i < 25; i++) {
      int left = random.nextInt(width);
      int top = random.nextInt(height);
      int right = Math.min(width, left + 1 + random.nextInt(width / 2));
      int bottom = Math.min(height, top + 1 + random.nextInt(height / 2));
      byte value = (byte) (i == 24 ? 255 : random.nextInt(9));
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          labels.put(y * width + x, value);
        }
      }
    }
    for (int i = 0; i < width; i++) {
      labels.put(random.nextInt(labels.capacity()), (byte) random.nextInt(9));
    }
    return new LabelMap(labels, width, height);
  }
}
