package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ort.OrtProvider;
import dev.nightfuse.frame.FrameClock;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nightfuse engine} as users type it, on machines without a GPU. */
final class EngineCommandTest {

  @TempDir private Path folder;

  private final CommandRun out = new CommandRun();

  private int run(String... args) {
    return out.run(new EngineCommand(), args);
  }

  private static String whyNot() {
    Availability here = Nightfuse.tensorRt().probe();
    assumeFalse(here.available(), "there is a GPU here");
    return here.detail();
  }

  @Test
  void selftest_noGpu_writesTheReportWithItsReason() throws Exception {
    String reason = whyNot();
    Path report = folder.resolve("report.json");

    assertEquals(ExitCode.UNAVAILABLE, run("selftest", "-o", report.toString()));

    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertEquals("nightfuse selftest 1", json.get("format").asText());
    assertFalse(json.get("probe").get("available").asBoolean());
    assertEquals(reason, json.get("probe").get("detail").asText());
    assertEquals("not run", json.get("ending").asText());
    assertEquals(reason, json.get("reason").asText());
    assertTrue(out.toString().contains(reason), out.toString());
  }

  @Test
  void build_noGpu_endsWithTheReason() {
    String reason = whyNot();

    assertEquals(ExitCode.UNAVAILABLE, run("build", "detail-transfer", "--size", "64x48"));
    assertTrue(out.toString().contains(reason), out.toString());
  }

  @Test
  void bench_unknownModel_isTheUsersMistake() {
    assertEquals(ExitCode.NO_INPUT, run("bench", "no-such-model"));
    assertTrue(out.toString().contains("built in are nightnet-m"), out.toString());
  }

  @Test
  void build_badSize_namesWhatIsAllowed() {
    assertEquals(ExitCode.USAGE, run("build", "detail-transfer", "--size", "big"));
    assertTrue(out.toString().contains("WIDTHxHEIGHT"), out.toString());
  }

  @Test
  void list_always_namesTheFolder() {
    assertEquals(ExitCode.OK, run("list"));
    assertTrue(out.toString().contains("plans in "), out.toString());
  }

  @Test
  void clean_noGpu_doesNotGuess() {
    String reason = whyNot();

    assertEquals(ExitCode.UNAVAILABLE, run("clean"));
    assertTrue(out.toString().contains(reason), out.toString());
    assertTrue(out.toString().contains("--all"), out.toString());
  }

  @Test
  void selftestModels_usual_areAllNetworksThatFuseInBothPrecisions() {
    List<String> labels =
        models(SelfTestModels.usual()).wanted().stream().map(SelfTestModels.Wanted::label).toList();

    assertTrue(
        labels.containsAll(
            List.of(
                "detail-transfer",
                "seafusion fp16",
                "seafusion fp32",
                "mafs-fusion fp16",
                "mafs fp16",
                "mafs fp32",
                "maefuse fp16")),
        labels.toString());
  }

  @Test
  void selftestModels_network_isMadeOnceWithWeightsByFormula() throws Exception {
    SelfTestModels models = models(List.of("seafusion"));
    SelfTestModels.Wanted half = models.wanted().get(0);

    ModelFile made = models.make(half);

    assertEquals("fp16", made.manifest().precision());
    assertEquals(64, made.manifest().widthPx());
    assertTrue(made.manifest().multiplyAdds() > 0);
    assertEquals(made.manifest(), models.make(half).manifest());
  }

  @Test
  void fusionLoad_cpuEngine_fusesForEveryRig() throws Exception {
    ModelFile model =
        models(List.of()).make(new SelfTestModels.Wanted("detail-transfer", false, false));
    FusionLoad load =
        new FusionLoad(
            (width, height, batch) ->
                new OrtProvider()
                    .open(model, new dev.nightfuse.engine.EngineOptions(width, height, batch, 1)),
            FrameClock.system());

    assertTrue(load.framesPerSecond(2, 64, 48, 0.2) > 0);
  }

  private SelfTestModels models(List<String> names) {
    return new SelfTestModels(names, 64, 48, folder, new OrtProvider());
  }
}
