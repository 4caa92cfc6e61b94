package dev.nightfuse.engine.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the values of the published evaluation script, where its table is at hand. */
final class GoldenMetricsTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/golden");
  private static final double TOLERANCE = 1e-6;

  @BeforeAll
  static void requireTable() {
    assumeTrue(Files.exists(GOLDEN.resolve("metrics.csv")), "no golden table at " + GOLDEN);
  }

  @Test
  void measure_goldenPairs_equalsTheTable() throws IOException {
    List<String> lines = Files.readAllLines(GOLDEN.resolve("metrics.csv"));
    List<String> header = List.of(lines.get(0).split(",", -1));
    Map<String, PairQuality> pairs = new HashMap<>();
    int compared = 0;
    for (String line : lines.subList(1, lines.size())) {
      Map<String, String> row = row(header, line);
      if (!"f64".equals(row.get("precision"))) {
        continue;
      }
      String name = row.get("image");
      GrayImage infrared = read(name + ".ir.png");
      GrayImage visible = read(name + ".vi.png");
      PairQuality pair = pairs.computeIfAbsent(name, unused -> new PairQuality(infrared, visible));
      QualityScores scores = pair.measure(fuse(row.get("fusion"), infrared, visible));
      for (Metric metric : Metric.values()) {
        String column = metric == Metric.VIF ? "VIFF" : metric.label();
        assertEquals(
            Double.parseDouble(row.get(column)),
            scores.get(metric),
            TOLERANCE,
            name + " " + row.get("fusion") + " " + column);
        compared++;
      }
    }
    assertEquals(12 * Metric.values().length, compared);
  }

  private static GrayImage fuse(String how, GrayImage a, GrayImage b) {
    return switch (how) {
      case "avg" -> TrivialFusion.AVERAGE.fuse(a, b);
      case "max" -> TrivialFusion.MAX.fuse(a, b);
      default -> {
        byte[] levels = new byte[a.pixels()];
        for (int i = 0; i < levels.length; i++) {
          levels[i] = (byte) Math.min(a.level(i), b.level(i));
        }
        yield new GrayImage(a.widthPx(), a.heightPx(), levels);
      }
    };
  }

  private static Map<String, String> row(List<String> header, String line) {
    String[] cells = line.split(",", -1);
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < cells.length; i++) {
      row.put(header.get(i), cells[i]);
    }
    return row;
  }

  private static GrayImage read(String name) throws IOException {
    Path file = GOLDEN.resolve("metrics").resolve(name);
    assumeTrue(Files.exists(file), file + " is not there");
    BufferedImage image = ImageIO.read(file.toFile());
    byte[] levels = new byte[image.getWidth() * image.getHeight()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) image.getRaster().getSample(i % image.getWidth(), i / image.getWidth(), 0);
    }
    return new GrayImage(image.getWidth(), image.getHeight(), levels);
  }
}
