package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.config.CalibrationFile;
import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.EngineConfig;
import dev.nightfuse.config.NightfuseConfig;
import dev.nightfuse.encode.EncoderSettings;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.stream.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightfuse fuse}: files in, fused files out. */
@Command(
    name = "fuse",
    mixinStandardHelpOptions = true,
    description = {
      "Fuses image files, folders of images, or videos.",
      "",
      "Two images give one PNG, two folders a folder of PNGs (pictures belong together by name), two videos an MP4."
    },
    footer = {
      "",
      "  nightfuse fuse day.jpg day-ir.jpg -o fused.png",
      "  nightfuse fuse visible/ infrared/ -o fused/",
      "  nightfuse fuse visible.mp4 thermal.mp4 -o fused.mp4 --view side-by-side"
    })
final class FuseCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "VISIBLE",
      description = "Image, folder or video of the visible camera.")
  private Path visible;

  @Parameters(index = "1", paramLabel = "INFRARED", description = "The same of the thermal camera.")
  private Path infrared;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "What to write: a .png file, a folder, or a .mp4 file.")
  private Path output;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Built-in model, or model folder. Default: the configuration's.")
  private @Nullable String model;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "How infrared lies on visible. Default: both show the same field of view.")
  private @Nullable Path calibration;

  @Option(
      names = "--view",
      paramLabel = "VIEW",
      defaultValue = "fused",
      description =
          "For videos: fused, overlay, visible, infrared or side-by-side. Default: ${DEFAULT-VALUE}.")
  private String view;

  @Option(
      names = "--bitrate",
      paramLabel = "KBIT",
      defaultValue = "6000",
      description = "For videos: bit rate in kbit/s. Default: ${DEFAULT-VALUE}.")
  private int bitrateKbit;

  @Option(
      names = {"-f", "--force"},
      description = "Overwrite what is there.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    requireReadable(visible);
    requireReadable(infrared);
    // Not parsed: a question mark in a name begins no options.
    CameraUri visibleUri = new CameraUri("replay", visible.toString(), Map.of());
    CameraUri infraredUri = new CameraUri("replay", infrared.toString(), Map.of());
    NightfuseConfig config = ConfigLoader.defaults("fuse", visibleUri, infraredUri);
    EngineConfig engine = config.engine();
    if (model != null) {
      engine =
          new EngineConfig(
              engine.backend(), model, engine.fallback(), engine.threads(), engine.batchWaitMs());
    }
    ModelStore models = Nightfuse.models(Places.of(System.getenv()));
    boolean folders = Files.isDirectory(visible);
    boolean pictures = folders || ImagePairs.isImage(visible);
    Engines engines =
        pictures
            ? Engines.forPictures(engine, models, Nightfuse.engineProviders())
            : new Engines(engine, models, Nightfuse.engineProviders());
    engines.check();
    Alignment alignment =
        calibration == null
            ? Alignment.sameFieldOfView()
            : Alignment.calibrated(CalibrationFile.read(calibration));
    if (folders != Files.isDirectory(infrared)) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "%s and %s: one is a folder, the other is not".formatted(visible, infrared));
    }
    if (pictures) {
      // Any size will do to read what the model declares.
      ModelFile file = models.resolveForPictures(engine.model(), 640, 480);
      fuseImages(engines, file, alignment, folders);
    } else {
      fuseVideo(config, engines, alignment);
    }
    return ExitCode.OK;
  }

  private void fuseImages(Engines engines, ModelFile file, Alignment alignment, boolean folders)
      throws Exception {
    try (ImageFuser fuser = new ImageFuser(engines, file.manifest(), alignment);
        Progress progress = new Progress("fusing", "pictures")) {
      ImageJob job = new ImageJob(fuser, force, progress);
      if (folders) {
        job.folder(ImagePairs.ofFolders(visible, infrared), output);
      } else {
        Path target = Files.isDirectory(output) ? output.resolve("fused.png") : output;
        requireExtension(target, ".png");
        job.single(ImagePairs.ofFiles(visible, infrared), target);
      }
    }
  }

  private void fuseVideo(NightfuseConfig config, Engines engines, Alignment alignment)
      throws Exception {
    requireExtension(output, ".mp4");
    if (!force && Files.exists(output)) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, output + " exists; --force overwrites it");
    }
    View wanted =
        View.byLabel(view)
            .orElseThrow(
                () ->
                    new UserErrorException(
                        ExitCode.USAGE,
                        "view \"%s\" is not known; allowed: fused, overlay, visible, infrared, side-by-side"
                            .formatted(view)));
    EncoderSettings usual = EncoderSettings.DEFAULT;
    EncoderSettings encoder;
    try {
      encoder =
          new EncoderSettings(
              usual.framesPerSecond(), bitrateKbit, "veryfast", usual.keyIntervalMs(), 60_000);
    } catch (IllegalArgumentException e) {
      throw new UserErrorException(ExitCode.USAGE, "--bitrate: " + e.getMessage());
    }
    try (Progress progress = new Progress("fusing", "frames")) {
      OfflineRig.Plan plan =
          new OfflineRig.Plan(
              config.rigs().get(0).visible().uri(),
              config.rigs().get(0).infrared().uri(),
              alignment,
              wanted,
              encoder);
      CameraAdapters adapters = new CameraAdapters(Nightfuse.cameraAdapters());
      new VideoJob(new OfflineRig(plan, engines, adapters), progress).run(output);
    }
  }

  private static void requireReadable(Path path) throws UserErrorException {
    if (!Files.isReadable(path)) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, path + (Files.exists(path) ? " cannot be read" : " does not exist"));
    }
  }

  private static void requireExtension(Path file, String extension) throws UserErrorException {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(extension)) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "output %s: a file ending in %s is written".formatted(file, extension));
    }
  }
}
