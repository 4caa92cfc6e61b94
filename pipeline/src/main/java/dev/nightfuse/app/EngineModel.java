package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.ModelFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that an engine command is about, and the size of its pictures. */
final class EngineModel {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})[xX](\\d{1,5})");
  private static final int DEFAULT_WIDTH_PX = 640;
  private static final int DEFAULT_HEIGHT_PX = 480;

  @Parameters(index = "0", paramLabel = "MODEL", description = "Built-in model, or model folder.")
  private String name;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Size of the pictures. Default: the model's own, or 640x480.")
  private @Nullable String size;

  /** The model; a mistake is the user's. */
  ModelFile resolve() throws UserErrorException {
    int[] sides = sides();
    try {
      return Nightfuse.models(Places.of(System.getenv())).resolve(name, sides[0], sides[1]);
    } catch (EngineException e) {
      throw new UserErrorException(ExitCode.NO_INPUT, String.valueOf(e.getMessage()));
    }
  }

  EngineOptions options(ModelFile model, int maxBatch) throws UserErrorException {
    int[] sides = sides();
    boolean own = size == null && model.manifest().widthPx() > 0;
    return new EngineOptions(
        own ? model.manifest().widthPx() : sides[0],
        own ? model.manifest().heightPx() : sides[1],
        maxBatch,
        1);
  }

  private int[] sides() throws UserErrorException {
    if (size == null) {
      return new int[] {DEFAULT_WIDTH_PX, DEFAULT_HEIGHT_PX};
    }
    Matcher sides = SIZE.matcher(size);
    if (!sides.matches()) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "--size is \"%s\"; allowed: WIDTHxHEIGHT, such as 640x480".formatted(size));
    }
    return new int[] {Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2))};
  }
}
