package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.model.Calibrator;
import dev.nightfuse.engine.model.Int8Calibration;
import dev.nightfuse.engine.model.Network;
import dev.nightfuse.engine.ort.OrtProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse model calibrate}: measures weights on pictures, for INT8. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Measures which numbers occur inside a network, so that it can be computed in INT8.",
      "",
      "The file belongs to these weights alone, and holds for pictures of every size."
    },
    footer = {
      "",
      "DIR holds visible/ and infrared/; pictures belong together by name.",
      "",
      "  nightfuse model calibrate nightnet-m nightnet-m.safetensors --dataset MSRS,RoadScene -o int8.json",
      "  nightfuse model import nightnet-m nightnet-m.safetensors --precision int8 --calibration int8.json -o model"
    })
final class ModelCommandCalibrate implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NETWORK", description = "nightnet-m or nightnet-s.")
  private String network;

  @Parameters(index = "1", paramLabel = "CHECKPOINT", description = "The file with the weights.")
  private Path checkpoint;

  @Option(
      names = "--dataset",
      required = true,
      split = ",",
      paramLabel = "DIR",
      description = "Folders of aligned pairs.")
  private List<Path> folders;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Pairs of each folder, spread evenly over the names. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The JSON file to write.")
  private Path output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (limit < 1) {
      throw new UserErrorException(ExitCode.USAGE, "--limit is %d; 1 or more".formatted(limit));
    }
    OutputFile.requireWritable(output);
    List<ImagePairs.Pair> pairs = new ArrayList<>();
    for (Path folder : folders) {
      List<ImagePairs.Pair> all =
          ImagePairs.ofFolders(folder.resolve("visible"), folder.resolve("infrared"));
      int wanted = Math.min(limit, all.size());
      for (int i = 0; i < wanted; i++) {
        pairs.add(all.get((int) ((long) i * all.size() / wanted)));
      }
    }
    ModelRuntime.cpu();
    Int8Calibration measured;
    try (Calibrator calibrator =
            new Calibrator(checkpoint, Network.byId(network), OrtProvider::look);
        Progress progress = new Progress("measuring", "pairs")) {
      progress.total(pairs.size());
      for (ImagePairs.Pair pair : pairs) {
        measure(calibrator, pair);
        progress.step();
      }
      measured = calibrator.result();
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.NO_INPUT, String.valueOf(e.getMessage()));
    }
    try {
      measured.write(output);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, "cannot write %s: %s".formatted(output, e.getMessage()));
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d points measured on %d pairs%n",
            output, measured.ranges().byPoint().size(), measured.pairs());
    return ExitCode.OK;
  }

  private static void measure(Calibrator calibrator, ImagePairs.Pair pair)
      throws UserErrorException, EngineException, IOException {
    Picture visible = Picture.read(pair.visible());
    Picture infrared = Picture.readThermal(pair.infrared());
    int width = visible.widthPx();
    int height = visible.heightPx();
    if (infrared.widthPx() != width || infrared.heightPx() != height) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "%s is %d x %d, %s is %d x %d; calibration needs aligned pairs of one size"
              .formatted(
                  pair.visible(),
                  width,
                  height,
                  pair.infrared(),
                  infrared.widthPx(),
                  infrared.heightPx()));
    }
    int chroma = (width + 1) / 2 * ((height + 1) / 2);
    ByteBuffer y = PaddedPlane.direct(width * height);
    ByteBuffer u = PaddedPlane.direct(chroma);
    ByteBuffer v = PaddedPlane.direct(chroma);
    ByteBuffer heat = PaddedPlane.direct(width * height);
    visible.limitedLuma(y);
    visible.chroma(u, v);
    infrared.luma(heat);
    calibrator.add(
        width,
        height,
        Map.of(
            ModelManifest.VISIBLE_Y, y,
            ModelManifest.VISIBLE_U, u,
            ModelManifest.VISIBLE_V, v,
            ModelManifest.INFRARED, heat));
  }
}
