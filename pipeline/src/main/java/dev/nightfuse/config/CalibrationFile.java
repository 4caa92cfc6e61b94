package dev.nightfuse.config;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.Lens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A calibration file: the sizes that it was made at, the homography, and the lenses where they are
 * known. {@code configs/calibration.yaml} shows one with every key explained.
 */
public final class CalibrationFile {

  private static final int MIN_SIDE_PX = 2;
  private static final int MAX_SIDE_PX = 8192;
  private static final double ANY = 1e6;

  private record Picture(int widthPx, int heightPx, @Nullable Lens lens) {}

  private CalibrationFile() {}

  /**
   * Reads and checks a file.
   *
   * @throws ConfigException with every problem of the file
   */
  public static Calibration read(Path file) throws ConfigException {
    Node root = YamlDocument.parse(file.toString(), YamlDocument.readText(file));
    Problems problems = new Problems(file.toString());
    Calibration calibration = YamlSection.read(problems, "", 1, root, CalibrationFile::calibration);
    problems.throwIfAny();
    return calibration;
  }

  /**
   * Writes a calibration, so that {@link #read} gives nearly the same again. A power cut leaves the
   * old file or the new one.
   *
   * @param about lines for those who read the file, without comment signs
   */
  public static void write(Path file, Calibration calibration, List<String> about)
      throws IOException {
    StringBuilder text = new StringBuilder();
    about.forEach(line -> text.append("# ").append(line).append('\n'));
    write(
        text,
        "infrared",
        calibration.infraredWidthPx(),
        calibration.infraredHeightPx(),
        calibration.infraredLens());
    write(
        text,
        "visible",
        calibration.visibleWidthPx(),
        calibration.visibleHeightPx(),
        calibration.visibleLens());
    text.append("homography: [")
        .append(
            calibration.infraredToVisible().stream()
                .map(CalibrationFile::text)
                .collect(Collectors.joining(", ")))
        .append("]\n");
    Path target = Files.exists(file) ? file.toRealPath() : file;
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    Files.writeString(partial, text, CREATE, TRUNCATE_EXISTING, WRITE, SYNC);
    Files.move(partial, target, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  private static void write(
      StringBuilder text, String camera, int widthPx, int heightPx, @Nullable Lens lens) {
    text.append("%s:\n  width_px: %d\n  height_px: %d\n".formatted(camera, widthPx, heightPx));
    if (lens != null) {
      text.append("  lens:\n");
      write(text, "focal_x_px", lens.focalXPx());
      write(text, "focal_y_px", lens.focalYPx());
      write(text, "centre_x_px", lens.centreXPx());
      write(text, "centre_y_px", lens.centreYPx());
      write(text, "k1", lens.k1());
      write(text, "k2", lens.k2());
      write(text, "k3", lens.k3());
      write(text, "p1", lens.p1());
      write(text, "p2", lens.p2());
    }
  }

  private static void write(StringBuilder text, String key, double value) {
    text.append("    ").append(key).append(": ").append(text(value)).append('\n');
  }

  private static String text(double number) {
    return number == 0 ? "0" : String.format(Locale.ROOT, "%.9g", number);
  }

  private static Calibration calibration(Section s) {
    Picture infrared = s.requiredSection("infrared", CalibrationFile::picture, "thermal camera");
    Picture visible = s.requiredSection("visible", CalibrationFile::picture, "visible camera");
    List<Double> homography = s.numbers("homography", 9, "infrared to visible, row by row");
    if (homography.isEmpty()) {
      s.problem("homography", "missing; allowed is a list of 9 numbers");
      return unusable();
    }
    try {
      return new Calibration(
          infrared.widthPx,
          infrared.heightPx,
          visible.widthPx,
          visible.heightPx,
          homography,
          infrared.lens,
          visible.lens);
    } catch (IllegalArgumentException e) {
      s.problem("homography", String.valueOf(e.getMessage()));
      return unusable();
    }
  }

  private static Picture picture(Section s) {
    return new Picture(
        side(s, "width_px"),
        side(s, "height_px"),
        s.section("lens", CalibrationFile::lens, "the camera's own distortion, where known").lens);
  }

  /** Sizes have no default; the smallest stands in where one is missing. */
  private static int side(Section s, String key) {
    int side = s.integer(key, -1, MIN_SIDE_PX, MAX_SIDE_PX, "size of the picture");
    if (side < 0) {
      s.problem(
          key,
          "needed; allowed is a whole number from %d to %d".formatted(MIN_SIDE_PX, MAX_SIDE_PX));
    }
    return Math.max(side, MIN_SIDE_PX);
  }

  private record MaybeLens(@Nullable Lens lens) {}

  private static MaybeLens lens(Section s) {
    double focalX = s.number("focal_x_px", 0, 0, ANY, "focal length in pixel widths");
    double focalY = s.number("focal_y_px", 0, 0, ANY, "focal length in pixel heights");
    double centreX = s.number("centre_x_px", 0, -ANY, ANY, "principal point");
    double centreY = s.number("centre_y_px", 0, -ANY, ANY, "principal point");
    double k1 = s.number("k1", 0, -ANY, ANY, "radial distortion, second order");
    double k2 = s.number("k2", 0, -ANY, ANY, "radial distortion, fourth order");
    double p1 = s.number("p1", 0, -ANY, ANY, "tangential distortion");
    double p2 = s.number("p2", 0, -ANY, ANY, "tangential distortion");
    double k3 = s.number("k3", 0, -ANY, ANY, "radial distortion, sixth order");
    if (focalX > 0 && focalY > 0) {
      return new MaybeLens(new Lens(focalX, focalY, centreX, centreY, k1, k2, p1, p2, k3));
    }
    boolean given =
        DoubleStream.of(focalX, focalY, centreX, centreY, k1, k2, p1, p2, k3).anyMatch(v -> v != 0);
    if (given) {
      s.problem("focal_x_px", "a lens needs focal_x_px and focal_y_px above 0");
    }
    return new MaybeLens(null);
  }

  private static Calibration unusable() {
    return Calibration.scaling(MIN_SIDE_PX, MIN_SIDE_PX, MIN_SIDE_PX, MIN_SIDE_PX);
  }
}
