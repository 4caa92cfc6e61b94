package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.config.CalibrationFile;
import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.registration.AutoCalibration;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.registration.Registrar;
import dev.nightfuse.registration.TimeOffset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code nightfuse calibrate}: how the thermal picture of a rig lies on its visible one, in place
 * and in time.
 */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Finds out how the thermal picture of a rig lies on the visible one, and writes it as a calibration file; and how"
          + " much later one camera's time stamps are than the other's (offset_ms), which it tells.",
      "",
      "No target is needed: point the rig at a scene with edges that both cameras see, as far away as what it will be used"
          + " for, and move it, or drive. The cameras must be free: stop a service that has them. What the configuration"
          + " says of registration is not used, except with --keep-lenses."
    },
    footer = {
      "",
      "  nightfuse calibrate -c my-car.yaml -o my-car-calibration.yaml",
      "",
      "and in my-car.yaml, below the rig:",
      "",
      "  registration: {calibration: my-car-calibration.yaml}"
    })
final class CalibrateCommand implements Callable<Integer> {

  private static final int MOST_PAIRS = 100;
  private static final double LONGEST_S = 600;

  /** One beyond which pairs were not of one moment: half a frame of usual cameras. */
  private static final double WRONG_MS = 15;

  /** What one look through the cameras told. */
  private record Look(PairSampler.Still last, AutoCalibration.Found place, TimeOffset.Found times) {

    Look with(TimeOffset.Found others) {
      return new Look(last, place, others);
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "Configuration with the rig's cameras.")
  private Path config;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description =
          "Calibration file to write; beside it, as .png, a picture to look at: green is visible, magenta thermal.")
  private Path output;

  @Option(
      names = "--rig",
      paramLabel = "NAME",
      description = "The rig. Needed when there are several.")
  private @Nullable String rigName;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "30",
      description = "Pairs of pictures to look at, 3 to 100. Default: ${DEFAULT-VALUE}.")
  private int pairs;

  @Option(
      names = "--every",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seconds between them, so that they differ. Default: ${DEFAULT-VALUE}.")
  private double everyS;

  @Option(
      names = "--keep-lenses",
      description =
          "Take the lenses from the rig's registration.calibration as they are, and look for the homography only.")
  private boolean keepLenses;

  @Option(
      names = {"-f", "--force"},
      description = "Replace a file that is there.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    if (pairs < 3 || pairs > MOST_PAIRS || !(everyS >= 0 && everyS <= LONGEST_S)) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "calibrate: --pairs %d --every %s; allowed: 3 to %d pairs, 0 to %.0f seconds"
              .formatted(pairs, everyS, MOST_PAIRS, LONGEST_S));
    }
    if (!force && Files.exists(output)) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, output + " is there already; --force replaces it");
    }
    OutputFile.requireWritable(output);
    RigConfig rig = rig(ConfigLoader.load(config).rigs());
    checkLenses(rig);
    CalibratedTimes times = new CalibratedTimes(rig);
    Look look = look(rig, times);
    if (look.times().reliable() && Math.abs(times.missingMs(look.times())) > WRONG_MS) {
      out("%s; looking again with that%n", times.said(look.times()));
      times = times.corrected(look.times());
      Look again = look(rig, times);
      // What stood still meanwhile takes nothing back.
      look = again.times().reliable() ? again : again.with(look.times());
    }
    return write(rig, look, times);
  }

  private Look look(RigConfig rig, CalibratedTimes times)
      throws UserErrorException, InterruptedException {
    List<PairSampler.Still> stills;
    TimeOffset offset = new TimeOffset();
    try (Progress progress = new Progress("looking", "pairs")) {
      progress.total(pairs);
      CameraAdapters adapters = new CameraAdapters(Nightfuse.cameraAdapters());
      stills =
          new PairSampler(rig, adapters, times.sync(), offset)
              .take(pairs, Math.round(everyS * 1e9), progress);
    }
    if (stills.isEmpty()) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, "%s: the cameras ended without a pair".formatted(rig.name()));
    }
    tellRepeats(rig, Modality.VISIBLE, stills.stream().map(PairSampler.Still::visible).toList());
    tellRepeats(rig, Modality.INFRARED, stills.stream().map(PairSampler.Still::infrared).toList());
    PairSampler.Still first = stills.get(0);
    AutoCalibration search = search(rig, first);
    for (PairSampler.Still still : stills) {
      search.add(new AutoCalibration.Pair(still.visible(), still.infrared()));
    }
    out(
        "%s: %d pairs, thermal %dx%d onto visible %dx%d; searching, a minute or so ...%n",
        rig.name(),
        stills.size(),
        first.infraredFormat().widthPx(),
        first.infraredFormat().heightPx(),
        first.visibleFormat().widthPx(),
        first.visibleFormat().heightPx());
    AutoCalibration.Found found = search.find();
    return new Look(stills.get(stills.size() - 1), found, offset.find(found.calibration()));
  }

  /** What a camera that hangs shows is not of the moment of the other's picture. */
  private void tellRepeats(RigConfig rig, Modality camera, List<byte[]> pictures) {
    long repeated =
        IntStream.range(1, pictures.size())
            .filter(i -> Arrays.equals(pictures.get(i - 1), pictures.get(i)))
            .count();
    if (repeated > 0) {
      out(
          "%s/%s: %d of %d pictures are the one before once more; a camera that hangs does that, and what is found may be wrong%n",
          rig.name(), camera.label(), repeated, pictures.size());
    }
  }

  private RigConfig rig(List<RigConfig> rigs) throws UserErrorException {
    List<String> names = rigs.stream().map(RigConfig::name).toList();
    if (rigName == null && rigs.size() > 1) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "%s has several rigs; --rig says which: %s".formatted(config, String.join(", ", names)));
    }
    return rigs.stream()
        .filter(rig -> rigName == null || rig.name().equals(rigName))
        .findFirst()
        .orElseThrow(
            () ->
                new UserErrorException(
                    ExitCode.USAGE,
                    "%s has no rig \"%s\"; it has: %s"
                        .formatted(config, rigName, String.join(", ", names))));
  }

  private int write(RigConfig rig, Look look, CalibratedTimes times) throws UserErrorException {
    AutoCalibration.Found found = look.place();
    Path picture = output.resolveSibling(output.getFileName() + ".png");
    Picture.writePng(look(look.last(), found.calibration()), picture);
    out(
        "edges agree to %.2f, as one field of view to %.2f; %d of %d parts of the picture agree%n",
        found.agreement(), found.before(), found.agreeing(), found.telling());
    out("%s%n%s%n", lens(found), times.said(look.times()));
    String settings = times.settings(look.times());
    if (!settings.isEmpty()) {
      out("set in %s for rig %s:%n%s", config, rig.name(), settings);
    }
    if (!found.reliable()) {
      throw new UserErrorException(
          ExitCode.FAILED,
          "%s: too little agrees to rely on it, nothing was written but %s. More pairs of a richer, farther scene may help, with the rig moving and by day; cameras that look in different directions are not found."
              .formatted(rig.name(), picture));
    }
    try {
      CalibrationFile.write(output, found.calibration(), about(found));
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "calibration %s cannot be written: %s".formatted(output, e.getMessage()));
    }
    out(
        "%s is written; look at %s (visible green, thermal magenta), then set in %s for rig %s:%n"
            + "  registration.calibration: %s%n%s",
        output, picture, config, rig.name(), output, withoutOthers(rig.registration()));
    return ExitCode.OK;
  }

  /** What would be moved or refused beside the new calibration. */
  private static String withoutOthers(RigConfig.Registration registration) {
    return (registration.homography().isEmpty() ? "" : "  registration.homography: []\n")
        + (registration.shift().equals(MovableAlignment.Shift.NONE)
            ? ""
            : "  registration.shift_px: []\n");
  }

  private void out(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, format, values);
    out.flush();
  }

  private AutoCalibration search(RigConfig rig, PairSampler.Still first) throws UserErrorException {
    int infraredWidthPx = first.infraredFormat().widthPx();
    int infraredHeightPx = first.infraredFormat().heightPx();
    int visibleWidthPx = first.visibleFormat().widthPx();
    int visibleHeightPx = first.visibleFormat().heightPx();
    try {
      Calibration known = rig.registration().calibration();
      Calibration same =
          keepLenses && known != null
              ? known.resized(infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx)
              : Calibration.scaling(
                  infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx);
      return new AutoCalibration(
          infraredWidthPx,
          infraredHeightPx,
          visibleWidthPx,
          visibleHeightPx,
          same.infraredLens(),
          same.visibleLens());
    } catch (IllegalArgumentException e) {
      throw new UserErrorException(ExitCode.NO_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private void checkLenses(RigConfig rig) throws UserErrorException {
    Calibration known = rig.registration().calibration();
    if (keepLenses
        && (known == null || (known.infraredLens() == null && known.visibleLens() == null))) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "--keep-lenses: rig %s has no registration.calibration with a lens"
              .formatted(rig.name()));
    }
  }

  /** What is to be said of lenses, in one sentence. */
  private String lens(AutoCalibration.Found found) {
    if (keepLenses) {
      return "the lenses are those of the rig's calibration";
    }
    double cornerPx = found.cornerPx();
    if (cornerPx == 0) {
      return "no lens distortion that would matter was found";
    }
    Calibration calibration = found.calibration();
    double diagonalPx =
        Math.hypot(calibration.infraredWidthPx(), calibration.infraredHeightPx()) / 2;
    return "the thermal lens bends straight lines: what is at the corners of its picture is %.0f pixels (%.0f %%) too %s the middle"
        .formatted(
            Math.abs(cornerPx),
            100 * Math.abs(cornerPx) / (diagonalPx + cornerPx),
            cornerPx > 0 ? "near to" : "far from");
  }

  private List<String> about(AutoCalibration.Found found) {
    List<String> about = new ArrayList<>();
    about.add("How the thermal picture lies on the visible one, as nightfuse calibrate found it.");
    if (keepLenses) {
      about.add("The lenses are those of the calibration that the rig had.");
    } else if (found.cornerPx() != 0) {
      about.add(
          "The lens is what pictures tell of it, which is k1 alone. Its focal length (half the");
      about.add(
          "diagonal), principal point (the middle) and k2 (k1 * k1) are assumed, and what the");
      about.add(
          "visible lens distorts is in it: good for laying these pictures, for nothing else.");
    }
    return about;
  }

  /** Visible green, thermal magenta: where both lie on each other, edges have no coloured rims. */
  private static BufferedImage look(PairSampler.Still still, Calibration calibration) {
    int width = still.visibleFormat().widthPx();
    int height = still.visibleFormat().heightPx();
    ByteBuffer warm = ByteBuffer.allocateDirect(still.infrared().length).put(still.infrared());
    ByteBuffer registered = ByteBuffer.allocateDirect(width * height);
    new Registrar(calibration, 0).register(warm, registered);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      int thermal = registered.get(i) & 0xff;
      image.setRGB(
          i % width, i / width, thermal << 16 | (still.visible()[i] & 0xff) << 8 | thermal);
    }
    return image;
  }
}
