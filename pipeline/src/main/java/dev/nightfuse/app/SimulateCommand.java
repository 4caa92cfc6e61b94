package dev.nightfuse.app;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nightfuse simulate}: the simulated rig as a data set with perfect labels. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Writes aligned pairs of the simulated rig as a data set: visible/, infrared/ and labels/.",
      "",
      "Infrared is laid onto visible by the rig's true geometry. Labels are the nine MFNet classes, 255 where the"
          + " infrared camera does not see."
    },
    footer = {
      "",
      "  nightfuse simulate -o sim --seeds 1,2,3 --frames 40 --every 45",
      "  nightfuse evaluate --dataset sim --model detail-transfer"
    })
final class SimulateCommand implements Callable<Integer> {

  /** What a rig may be told here; the rest is chosen by the command, or would leave gaps. */
  private static final Set<String> ALLOWED =
      new TreeSet<>(Set.of("rig", "ir_size", "parallax_m", "fps"));

  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "Folder of the data set.")
  private Path output;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "50",
      description = "Pairs of each drive. Default: ${DEFAULT-VALUE}.")
  private int frames;

  @Option(
      names = "--every",
      paramLabel = "K",
      defaultValue = "30",
      description = "Take every K-th frame, so that pairs differ. Default: ${DEFAULT-VALUE}.")
  private int every;

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "One drive for each number. Default: ${DEFAULT-VALUE}.")
  private List<Long> seeds;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "640x480",
      description = "Size of the pictures. Default: ${DEFAULT-VALUE}.")
  private String size;

  @Option(
      names = "--options",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description =
          "More options of the simulated camera as KEY=VALUE&KEY=VALUE: rig, ir_size, parallax_m, fps.")
  private String options;

  @Option(
      names = {"-f", "--force"},
      description = "Write into a folder that holds pictures already.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    if (frames < 1 || every < 1 || Math.multiplyFull(frames, every) > 1_000_000) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "simulate: --frames %d and --every %d; allowed: 1 or more, together 1000000 frames or less"
              .formatted(frames, every));
    }
    if (!force && Files.exists(output.resolve("visible"))) {
      throw new UserErrorException(
          ExitCode.CANNOT_CREATE, output + " holds a data set already; --force writes into it");
    }
    for (String key : CameraUri.parse("simulated:night?" + options).options().keySet()) {
      if (!ALLOWED.contains(key)) {
        throw new UserErrorException(
            ExitCode.USAGE,
            "simulate: --options \"%s\" is not possible; allowed: %s"
                .formatted(key, String.join(", ", ALLOWED)));
      }
    }
    // A wrong size is told before anything is written.
    SimulatedAdapter.infraredToVisible(rig(seeds.get(0)));
    SimulatedDataset dataset = new SimulatedDataset(output, frames, every);
    try (Progress progress = new Progress("simulating", "pictures")) {
      progress.total(2L * frames * seeds.size());
      for (long seed : seeds) {
        dataset.write(seed, rig(seed), progress);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d pairs in %s%n", frames * seeds.size(), output);
    out.flush();
    return ExitCode.OK;
  }

  private CameraUri rig(long seed) throws CameraException {
    String more = options.isEmpty() ? "" : "&" + options;
    return CameraUri.parse("simulated:night?seed=%d&size=%s%s".formatted(seed, size, more));
  }
}
