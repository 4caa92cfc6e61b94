package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.FusionEngineContract;
import dev.nightfuse.engine.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The backend's own half, with {@link FakeTensorRt} in place of the GPU. */
final class TensorRtEngineOnFakeTest extends FusionEngineContract {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private FakeTensorRt gpu;

  @BeforeEach
  void plugIn() {
    gpu = new FakeTensorRt(cache);
  }

  @AfterEach
  void everythingIsClosed() {
    assertEquals(0, gpu.openRunners.get(), "plans left loaded");
    assertEquals(0, gpu.openRuntimes.get(), "runtimes left open");
  }

  @Override
  protected EngineProvider provider() {
    if (gpu == null) {
      gpu = new FakeTensorRt(cache);
    }
    return gpu.provider();
  }

  @Test
  void probe_everythingThere_namesVersionAndGpu() {
    String detail = provider().probe().detail();

    assertEquals(
        "TensorRT 10.6.0 on Fake GPU (sm_87, 8.0 GiB, shared with the CPU), driver for CUDA 12.6;"
            + " 0 plans are built; another model or size is built when it first runs, for minutes",
        detail);
  }

  @Test
  void open_secondTime_usesThePlanOfTheFirst() throws EngineException {
    open(WIDTH, HEIGHT, 2).close();
    open(WIDTH, HEIGHT, 2).close();

    assertEquals(1, gpu.builds.get());
  }

  @Test
  void prepared_untilThePlanIsBuilt_isFalse() throws EngineException {
    EngineOptions options = new EngineOptions(WIDTH, HEIGHT, 2, 1);

    assertFalse(provider().prepared(model(WIDTH, HEIGHT), options));
    open(WIDTH, HEIGHT, 2).close();
    assertTrue(provider().prepared(model(WIDTH, HEIGHT), options));
    gpu.version = "10.15.1";
    assertFalse(provider().prepared(model(WIDTH, HEIGHT), options));
    assertEquals(1, gpu.builds.get(), "only asked");
  }

  @Test
  void prepared_planThatCannotBeBuilt_isTrueBecauseOpeningFailsAtOnce() throws Exception {
    provider();
    Path lib = cache.resolve("root/usr/lib/aarch64-linux-gnu");
    Files.delete(lib.resolve("libnvinfer_builder_resource.so.10.6.0"));
    gpu.builderResources = List.of();

    assertTrue(provider().prepared(model(WIDTH, HEIGHT), new EngineOptions(WIDTH, HEIGHT, 1, 1)));
  }

  @Test
  void open_anotherBatchGpuVersionOrDriver_buildsAnew() throws EngineException {
    open(WIDTH, HEIGHT, 1).close();
    open(WIDTH, HEIGHT, 2).close();
    gpu.version = "10.15.1";
    open(WIDTH, HEIGHT, 2).close();
    gpu.gpu = new GpuDevice(0, "Other GPU", 9, 0, 12060, 1L << 33, false, 132, 1_980_000);
    open(WIDTH, HEIGHT, 2).close();
    gpu.gpu = new GpuDevice(0, "Other GPU", 9, 0, 13000, 1L << 33, false, 132, 1_980_000);
    open(WIDTH, HEIGHT, 2).close();

    assertEquals(5, gpu.builds.get());
  }

  @Test
  void open_planDamagedOnDisk_buildsItAgain() throws Exception {
    open(WIDTH, HEIGHT, 1).close();
    Path plan = onlyPlan();
    byte[] bytes = Files.readAllBytes(plan);
    bytes[bytes.length - 1] ^= 1;
    Files.write(plan, bytes);
    assertFalse(provider().prepared(model(WIDTH, HEIGHT), new EngineOptions(WIDTH, HEIGHT, 1, 1)));

    open(WIDTH, HEIGHT, 1).close();

    assertEquals(2, gpu.builds.get());
    open(WIDTH, HEIGHT, 1).close();
    assertEquals(2, gpu.builds.get());
  }

  @Test
  void open_planThatTensorRtRefuses_buildsItAgainOnce() throws EngineException {
    open(WIDTH, HEIGHT, 1).close();
    gpu.refusedLoads = 1;

    open(WIDTH, HEIGHT, 1).close();

    assertEquals(2, gpu.builds.get());
    gpu.refusedLoads = 2;
    EngineException e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 1).close());
    assertTrue(e.getMessage().contains("magic tag does not match"), e.getMessage());
  }

  @Test
  void open_memoryShortOrContextLost_keepsThePlan() throws EngineException {
    open(WIDTH, HEIGHT, 1).close();
    gpu.loadFailures.add(GpuException.memoryShort("TensorRT refuses the plan: OutOfMemory"));
    gpu.loadFailures.add(new GpuException("TensorRT refuses the plan: error 700", true));

    EngineException e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 1).close());
    assertTrue(e.getMessage().contains("OutOfMemory"), e.getMessage());
    assertEquals(0, gpu.resets.get());
    e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 1).close());
    assertTrue(e.getMessage().contains("error 700"), e.getMessage());
    assertEquals(1, gpu.resets.get());
    open(WIDTH, HEIGHT, 1).close();
    assertEquals(1, gpu.builds.get(), "nothing was wrong with the plan");
  }

  @Test
  void open_engineThatIsWrong_isRefusedWithItsFigures() {
    gpu.errorLevels = 8;

    EngineException e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 2).close());

    assertTrue(
        e.getMessage().contains("too far from its FP32 reference: fused PSNR 30.07 dB"),
        e.getMessage());
    assertTrue(e.getMessage().contains("at least 40.0 dB"), e.getMessage());
  }

  @Test
  void check_engineThatGoesWrongLater_says() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      EngineCheck good = engine.check();
      assertNotNull(good);
      assertTrue(good.passed(), good.toString());
      assertTrue(Double.isInfinite(good.fusedPsnrDb()), good.toString());
      gpu.errorLevels = 8;
      EngineCheck bad = engine.check();
      assertNotNull(bad);
      assertFalse(bad.passed(), bad.toString());
    }
  }

  @Test
  void open_buildFails_givesTheReasonAndLeavesNothing() throws IOException {
    gpu.buildFailure = new EngineException("no implementation for node 7");

    EngineException e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 1).close());

    assertTrue(e.getMessage().contains("node 7"), e.getMessage());
    try (Stream<Path> left = Files.list(cache.resolve("plans"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void open_noBuilderResource_runsCachedPlansAndSaysWhyItBuildsNone() throws Exception {
    open(WIDTH, HEIGHT, 1).close();
    Path lib = cache.resolve("root/usr/lib/aarch64-linux-gnu");
    Files.delete(lib.resolve("libnvinfer_builder_resource.so.10.6.0"));
    gpu.builderResources = List.of();

    open(WIDTH, HEIGHT, 1).close();
    assertTrue(provider().probe().available());
    assertTrue(
        provider().probe().detail().contains("no libnvinfer_builder_resource beside"),
        provider().probe().detail());
    EngineException e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 2).close());
    assertTrue(e.getMessage().contains("max_batch was 1, is 2"), e.getMessage());
    assertTrue(e.getMessage().contains("no libnvinfer_builder_resource"), e.getMessage());
  }

  @Test
  void open_planWithFloatTensors_isRefused() {
    gpu.type = "FLOAT";

    EngineException e = assertThrows(EngineException.class, () -> open(WIDTH, HEIGHT, 1).close());

    assertTrue(e.getMessage().contains("must be UINT8 [1 or batch, 1, 48, 64]"), e.getMessage());
  }

  @Test
  void fuse_fixedBatch_runsPairsOneByOne() throws EngineException {
    gpu.fixedBatch = true;
    try (FusionEngine engine = open(WIDTH, HEIGHT, 3)) {
      Pair[] pairs = new Pair[3];
      byte[][] alone = new byte[3][];
      for (int i = 0; i < 3; i++) {
        pairs[i] = Pair.random(WIDTH, HEIGHT, i);
        fuse(engine, pairs[i]);
        alone[i] = pairs[i].fused();
        fill(pairs[i].fusedY, 0);
      }
      fuse(engine, pairs);
      for (int i = 0; i < 3; i++) {
        assertEquals(0, difference(alone[i], pairs[i].fused()), "pair " + i);
      }
    }
  }

  @Test
  void fuse_gpuFails_namesModelAndReason_andNothingIsUnderWay() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      gpu.awaitFailures.add(new GpuException("inference failed: OUT_OF_MEMORY (2)"));
      EngineException e =
          assertThrows(EngineException.class, () -> fuse(engine, new Pair(WIDTH, HEIGHT)));
      assertTrue(e.getMessage().contains("detail-transfer"), e.getMessage());
      assertTrue(e.getMessage().contains("OUT_OF_MEMORY (2)"), e.getMessage());
    }
    assertEquals(0, gpu.resets.get(), "the context was not lost");
  }

  @Test
  void close_afterTheContextWasLost_resetsTheGpu() throws EngineException {
    FusionEngine engine = open(WIDTH, HEIGHT, 1);
    gpu.launchFailures.add(new GpuException("launching: ILLEGAL_ADDRESS (700)", true));
    assertThrows(EngineException.class, () -> fuse(engine, new Pair(WIDTH, HEIGHT)));
    engine.close();
    assertEquals(1, gpu.resets.get());

    open(WIDTH, HEIGHT, 1).close();
    assertEquals(1, gpu.builds.get(), "reopened with the plan at hand");
  }

  @Test
  void begin_moreThanTheDepth_isAnIllegalState() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      FusionBatch batch = new FusionBatch(1);
      new Pair(WIDTH, HEIGHT).addTo(batch);
      engine.begin(batch);
      engine.begin(batch);
      assertThrows(IllegalStateException.class, () -> engine.begin(batch));
      assertThrows(IllegalStateException.class, () -> engine.fuse(batch));
      engine.finish();
      engine.finish();
      assertThrows(IllegalStateException.class, engine::finish);
    }
  }

  @Test
  void open_modelOfAnotherSize_isSaidBeforeAnythingIsBuilt() throws EngineException {
    var model = model(WIDTH, HEIGHT);
    assertThrows(
        EngineException.class,
        () -> provider().open(model, new EngineOptions(320, 240, 1, 1)).close());
    assertEquals(0, gpu.builds.get());
  }

  @Test
  void open_int8Model_isRefusedBeforeAnythingIsBuilt() throws Exception {
    ModelFile model = model(WIDTH, HEIGHT);
    Path yaml = model.onnx().resolveSibling(ModelFile.MANIFEST_NAME);
    Files.writeString(yaml, Files.readString(yaml).replace("precision: fp32", "precision: int8"));
    ModelFile bytes = ModelFile.read(model.onnx().resolveSibling(""));
    EngineException e =
        assertThrows(
            EngineException.class,
            () -> provider().open(bytes, new EngineOptions(WIDTH, HEIGHT, 1, 1)).close());
    assertTrue(e.getMessage().contains("TensorRT takes fp32 and fp16"), e.getMessage());
    assertEquals(0, gpu.builds.get());
  }

  private Path onlyPlan() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("plans"))) {
      return files.filter(f -> f.toString().endsWith(".plan")).findFirst().orElseThrow();
    }
  }
}
