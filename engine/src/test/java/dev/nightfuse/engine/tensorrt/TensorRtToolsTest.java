package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.model.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorRtToolsTest {

  @TempDir Path folder;
  private FakeTensorRt gpu;
  private TensorRtTools tools;
  private ModelFile model;
  private final List<Double> fractions = new ArrayList<>();

  private final BuildListener listener =
      new BuildListener() {
        @Override
        public void progress(double fraction, String phase) {
          fractions.add(fraction);
        }

        @Override
        public void said(String line) {}
      };

  @BeforeEach
  void prepare() throws Exception {
    gpu = new FakeTensorRt(folder);
    tools = new TensorRtTools(gpu.provider());
    model = new ModelStore(folder).resolve(ModelStore.DETAIL_TRANSFER, 64, 48);
  }

  private TensorRtTools.Outcome run(int maxBatch, List<Integer> batches) throws Exception {
    return tools.run(model, new EngineOptions(64, 48, maxBatch, 1), batches, 0.01, listener);
  }

  @Test
  void run_batches_measuresEachAndChecksTheEngine() throws Exception {
    TensorRtTools.Outcome outcome = run(4, List.of(1, 4));

    assertEquals(List.of(0.5), fractions);
    assertEquals(90, outcome.plan().buildSeconds());
    assertTrue(outcome.check().passed(), outcome.check().toString());
    assertEquals(List.of(1, 4), outcome.figures().stream().map(EngineFigures::batch).toList());
    assertEquals(2.5, outcome.figures().get(0).gpuMsPerFrame());
    assertEquals(2.5 / 4, outcome.figures().get(1).gpuMsPerFrame());
    assertTrue(outcome.figures().get(0).framesPerSecond() > 0);
    assertEquals(0, gpu.openRunners.get());
  }

  @Test
  void run_engineThatIsWrong_isAnOutcomeNotAnError() throws Exception {
    gpu.errorLevels = 8;

    assertFalse(run(1, List.of()).check().passed());
  }

  @Test
  void plansAndClean_onlyWhatThisMachineCannotUse_goes() throws Exception {
    run(1, List.of());
    gpu.version = "10.9.0";
    run(1, List.of());
    assertEquals(2, tools.plans().size());

    List<String> removed = tools.clean(false);

    assertEquals(1, removed.size());
    assertEquals("10.9.0", tools.plans().get(0).facts().get("tensorrt"));
    assertEquals(1, tools.clean(true).size());
    assertEquals(List.of(), tools.plans());
  }

  @Test
  void machine_known_givesItsPeak() throws Exception {
    assertEquals("Fake GPU", tools.machine().get("gpu"));
    assertEquals("yes", tools.machine().get("builds_plans"));
    assertEquals(42.6, (double) tools.machine().get("peak_fp16_tflops"), 0.1);
  }
}
