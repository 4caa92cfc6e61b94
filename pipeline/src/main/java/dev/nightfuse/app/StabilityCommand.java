package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.engine.network.peers.MfNet;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse stability}: whether fused video flickers where nothing moves. */
@Command(
    name = "stability",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how much fused video changes where the scene does not.",
      "",
      "The ratio is the fused picture's mean absolute change from frame to frame at still pixels, over that of the"
          + " inputs, weighted as the fused picture takes from them. 1 or less: nothing was added to the inputs' own"
          + " noise. Each model has a second row, as shown: behind the noise reduction of live rigs. The one-line fusions"
          + " max and average stand beside."
    },
    footer = {
      "",
      "  nightfuse stability visible.mp4 infrared.mp4 --model detail-transfer",
      "  nightfuse stability simulated:night?seed=3 simulated:night?seed=3 --model detail-transfer"
    })
final class StabilityCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "VISIBLE",
      description = "Video file, or camera address, of the visible camera.")
  private String visible;

  @Parameters(index = "1", paramLabel = "INFRARED", description = "The same of the thermal camera.")
  private String infrared;

  @Option(
      names = "--model",
      required = true,
      split = ",",
      paramLabel = "MODEL",
      description = "Built-in models, or model folders, side by side.")
  private List<String> names;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "300",
      description = "Most frames. Default: ${DEFAULT-VALUE}.")
  private int frames;

  @Override
  public Integer call() throws Exception {
    if (frames < 2) {
      throw new UserErrorException(
          ExitCode.USAGE, "stability: --frames %d; allowed: 2 or more".formatted(frames));
    }
    CameraUri visibleUri = uri(visible);
    CameraUri infraredUri = uri(infrared);
    List<EvaluateModel> models = EvaluateModel.openAll(names, MfNet.CLASSES);
    CameraAdapters adapters = new CameraAdapters(Nightfuse.cameraAdapters());
    StabilityRun.Result result;
    try (Progress progress = new Progress("fusing", "frames");
        PairFilm film = new PairFilm(adapters, visibleUri, infraredUri);
        StabilityRun run = new StabilityRun(models, StabilityRun.alignment(infraredUri))) {
      result = run.run(film, frames, progress);
    }
    print(result);
    return ExitCode.OK;
  }

  private static CameraUri uri(String text) throws CameraException, UserErrorException {
    if (Files.exists(Path.of(text))) {
      return new CameraUri("replay", text, Map.of());
    }
    if (text.indexOf(':') < 0) {
      throw new UserErrorException(ExitCode.NO_INPUT, text + " does not exist");
    }
    return CameraUri.parse(text);
  }

  private void print(StabilityRun.Result result) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%d frames, %.0f %% of the pixels still%n%n",
        result.frames(),
        100 * result.stillShare());
    out.printf("%-24s  %12s  %13s  %6s%n", "", "fused change", "inputs' change", "ratio");
    for (StabilityRun.Row row : result.rows()) {
      out.printf(
          Locale.ROOT,
          "%-24s  %12.3f  %14.3f  %6.3f%n",
          row.name(),
          row.fusedChange(),
          row.inputChange(),
          row.fusedChange() / row.inputChange());
    }
    out.flush();
  }
}
