package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.model.Accuracy;
import dev.nightfuse.engine.model.ImportOptions;
import dev.nightfuse.engine.model.Int8Calibration;
import dev.nightfuse.engine.model.ModelImporter;
import dev.nightfuse.engine.model.Network;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse model import}: a checkpoint becomes a model folder. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a model folder of a checkpoint: model.onnx, model.yaml, golden outputs.",
      "",
      "Reads PyTorch checkpoints (zip and legacy; tensors only, no code is run) and safetensors."
    })
final class ModelCommandImport implements Callable<Integer> {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  @Parameters(index = "0", paramLabel = "NETWORK", description = "See nightfuse model list.")
  private String network;

  @Parameters(index = "1", paramLabel = "CHECKPOINT", description = "The file with the weights.")
  private Path checkpoint;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The model folder to make.")
  private Path output;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Semantic classes of MAFS. Default: as the checkpoint has.")
  private int classes;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Size of the pictures. Default: 640x480; with --raw, 640x640 for maefuse.")
  private @Nullable String size;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "fp32",
      description =
          "fp32, or fp16 or int8 within limits of accuracy. int8 is for processors and NightNet."
              + " Default: ${DEFAULT-VALUE}.")
  private String precision;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "For int8: what nightfuse model calibrate measured with these weights.")
  private @Nullable Path calibration;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "dynamic",
      description = "dynamic, or a fixed number of pairs. Default: ${DEFAULT-VALUE}.")
  private String batch;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "full",
      description = "full, fusion or segmentation. Default: ${DEFAULT-VALUE}.")
  private String part;

  @Option(
      names = "--attention",
      paramLabel = "A",
      defaultValue = "released",
      description = {
        "MaeFuse: released (what published checkpoints were trained with), paper (over tokens),",
        "or paper-infrared-guide (section 4.4). Default: ${DEFAULT-VALUE}."
      })
  private String attention;

  @Option(
      names = "--raw",
      description = "Bare network: float NCHW in and out, no colour handling, no resizing.")
  private boolean raw;

  @Option(
      names = "--full-range",
      description =
          "For pictures from files: luma of 0 to 255 instead of video's 16 to 235. Networks that read luma alone take both.")
  private boolean fullRange;

  @Option(
      names = "--no-golden",
      description =
          "Do not run the model to record what it gives; verify then has nothing to compare.")
  private boolean noGolden;

  @Option(
      names = {"-f", "--force"},
      description = "Replace the folder if it is there.")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!Files.isReadable(checkpoint)) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "checkpoint %s %s"
              .formatted(
                  checkpoint, Files.exists(checkpoint) ? "cannot be read" : "does not exist"));
    }
    if (!force && Files.exists(output)) {
      throw new UserErrorException(ExitCode.CANNOT_CREATE, output + " exists; --force replaces it");
    }
    ImportOptions options = options();
    boolean exact = !options.half() && options.calibration() == null;
    EngineProvider runtime = noGolden && exact ? null : ModelRuntime.cpu();
    PrintWriter out = spec.commandLine().getOut();
    ModelImporter.Report report;
    try (ModelProgress progress = new ModelProgress()) {
      report = new ModelImporter(runtime, progress).run(checkpoint, options, output, force);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE,
          "cannot write %s: %s (%s)"
              .formatted(output, e.getMessage(), e.getClass().getSimpleName()));
    }
    if (!report.unknown().isEmpty()) {
      out.printf(
          "left out, %d tensors that %s does not know: %s%n",
          report.unknown().size(),
          options.network().id(),
          String.join(", ", report.unknown().stream().limit(12).toList()));
    }
    Accuracy accuracy = report.accuracy();
    if (accuracy != null) {
      out.println("against FP32: " + accuracy);
    }
    out.println(report.directory() + " is ready; weights: " + report.licence());
    return ExitCode.OK;
  }

  private @Nullable Int8Calibration calibration() throws UserErrorException {
    boolean bytes = precision.equalsIgnoreCase("int8");
    if (bytes != (calibration != null)) {
      throw new UserErrorException(
          ExitCode.USAGE, "--precision int8 and --calibration FILE belong together");
    }
    if (calibration == null) {
      return null;
    }
    try {
      return Int8Calibration.read(calibration);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.NO_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private ImportOptions options() throws UserErrorException {
    Network wanted;
    try {
      wanted = Network.byId(network);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
    String text = size == null ? (raw && wanted == Network.MAEFUSE ? "640x640" : "640x480") : size;
    Matcher sides = SIZE.matcher(text);
    if (!sides.matches()) {
      throw wrong("--size", text, "WIDTHxHEIGHT, such as 640x480");
    }
    return new ImportOptions(
        wanted,
        switch (part.toLowerCase(Locale.ROOT)) {
          case "full" -> ImportOptions.Part.FULL;
          case "fusion" -> ImportOptions.Part.FUSION;
          case "segmentation" -> ImportOptions.Part.SEGMENTATION;
          default -> throw wrong("--part", part, "full, fusion, segmentation");
        },
        classes,
        Integer.parseInt(sides.group(1)),
        Integer.parseInt(sides.group(2)),
        switch (precision.toLowerCase(Locale.ROOT)) {
          case "fp32", "int8" -> false;
          case "fp16" -> true;
          default -> throw wrong("--precision", precision, "fp32, fp16, int8");
        },
        batch(),
        switch (attention.toLowerCase(Locale.ROOT)) {
          case "released" -> MaeFuse.Attention.RELEASED;
          case "paper" -> MaeFuse.Attention.PAPER;
          case "paper-infrared-guide" -> MaeFuse.Attention.PAPER_INFRARED_GUIDE;
          default -> throw wrong("--attention", attention, "released, paper, paper-infrared-guide");
        },
        raw,
        calibration(),
        fullRange);
  }

  private int batch() throws UserErrorException {
    if (batch.equalsIgnoreCase("dynamic")) {
      return Shape.DYNAMIC;
    }
    try {
      return Integer.parseInt(batch);
    } catch (NumberFormatException e) {
      throw wrong("--batch", batch, "dynamic, or 1 to 64");
    }
  }

  private static UserErrorException wrong(String option, String value, String allowed) {
    return new UserErrorException(
        ExitCode.USAGE, "%s is \"%s\"; allowed: %s".formatted(option, value, allowed));
  }
}
