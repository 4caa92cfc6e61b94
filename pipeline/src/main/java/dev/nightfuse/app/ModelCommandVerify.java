package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.model.Accuracy;
import dev.nightfuse.engine.model.ModelCheck;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nightfuse model verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Runs a model folder's golden pairs through a backend and compares with the FP32 reference.")
final class ModelCommandVerify implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "A model folder.")
  private Path directory;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "onnxruntime",
      description = "The backend to check. Default: ${DEFAULT-VALUE}.")
  private String backend;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    EngineProvider provider =
        Nightfuse.engineProviders().stream()
            .filter(p -> p.name().equals(backend))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserErrorException(
                        ExitCode.USAGE, "backend \"%s\" is not known".formatted(backend)));
    String precision;
    Accuracy accuracy;
    try {
      precision = ModelFile.read(directory).manifest().precision();
      accuracy = ModelCheck.verify(directory, provider);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    boolean good = accuracy.withinLimits(precision);
    spec.commandLine()
        .getOut()
        .printf(
            "%s on %s: %s%n%s (allowed: %s)%n",
            directory, backend, accuracy, good ? "good" : "NOT good", accuracy.limits(precision));
    return good ? ExitCode.OK : ExitCode.FAILED;
  }
}
