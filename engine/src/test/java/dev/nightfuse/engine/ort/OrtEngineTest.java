package dev.nightfuse.engine.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.FusionEngineContract;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class OrtEngineTest extends FusionEngineContract {

  @Override
  protected EngineProvider provider() {
    return new OrtProvider();
  }

  @Test
  void fuse_modelWithColourAndLabels_readsAllPlanesAndWritesBoth() throws Exception {
    int w = 32;
    int h = 16;
    ModelFile model = colourModel(w, h, "fused_y", DType.UINT8);
    try (FusionEngine engine = provider().open(model, new EngineOptions(w, h, 2, 1))) {
      assertTrue(engine.spec().segments());
      assertEquals(8, engine.spec().labelWidthPx());
      assertEquals(4, engine.spec().labelHeightPx());
      assertEquals(List.of("cold", "warm"), engine.spec().classes());
      ByteBuffer[] labels = {ByteBuffer.allocateDirect(32), ByteBuffer.allocateDirect(32)};
      FusionBatch batch = new FusionBatch(2);
      Pair[] pairs = {new Pair(w, h), new Pair(w, h)};
      for (int p = 0; p < 2; p++) {
        fill(pairs[p].visibleY, 10);
        fill(pairs[p].visibleU, 20 + p);
        fill(pairs[p].visibleV, 30);
        fill(pairs[p].infrared, p == 0 ? 40 : 200);
      }
      for (int n = 1; n <= 2; n++) {
        batch.clear();
        for (int p = 0; p < n; p++) {
          fill(labels[p], 77);
          batch.add(
              pairs[p].visibleY,
              pairs[p].visibleU,
              pairs[p].visibleV,
              pairs[p].infrared,
              pairs[p].fusedY,
              labels[p]);
        }
        engine.fuse(batch);
        for (int p = 0; p < n; p++) {
          assertEquals(60 + p, pairs[p].fusedY.get(w * h - 1) & 0xFF, "Y + U + V");
          assertEquals(p, labels[p].get(0), "label of pair " + p + " of " + n);
        }
      }
      // The caller may do without labels.
      fill(labels[0], 77);
      fill(pairs[0].fusedY, 0);
      fuse(engine, pairs[0]);
      assertEquals(60, pairs[0].fusedY.get(w * h - 1) & 0xFF, "the same picture");
      fill(pairs[0].fusedY, 0);
      fill(pairs[1].fusedY, 0);
      fuse(engine, pairs);
      assertEquals(60, pairs[0].fusedY.get(w * h - 1) & 0xFF, "the same picture");
      assertEquals(61, pairs[1].fusedY.get(w * h - 1) & 0xFF, "the same picture");
      assertEquals(77, labels[0].get(0));
    }
  }

  @Test
  void fuse_labelsThatNobodyWants_areNotComputed() throws Exception {
    try (FusionEngine engine = open(TableModel.write(cache, 32, 16, false))) {
      Pair pair = new Pair(32, 16);
      ByteBuffer labels = ByteBuffer.allocateDirect(32 * 16);
      fill(pair.visibleY, 55);
      fill(pair.infrared, 3);
      fuse(engine, pair, labels);
      assertEquals(3, labels.get(0));
      fill(pair.infrared, TableModel.CLASSES);
      assertThrows(EngineException.class, () -> fuse(engine, pair, labels));
      fill(pair.fusedY, 0);
      fuse(engine, pair);
      assertEquals(200, pair.fusedY.get(0) & 0xFF);
    }
  }

  @Test
  void open_modelThatIsNotInOneFile_isOpenedOnceAndComputesAll() throws Exception {
    try (FusionEngine engine = open(TableModel.write(cache, 32, 16, true))) {
      Pair pair = new Pair(32, 16);
      ByteBuffer labels = ByteBuffer.allocateDirect(32 * 16);
      fill(pair.visibleY, 55);
      fill(pair.infrared, 3);
      fuse(engine, pair, labels);
      assertEquals(200, pair.fusedY.get(0) & 0xFF);
      assertEquals(3, labels.get(0));
      fill(pair.fusedY, 0);
      fuse(engine, pair);
      assertEquals(200, pair.fusedY.get(0) & 0xFF);
    }
  }

  private static void fuse(FusionEngine engine, Pair pair, ByteBuffer labels)
      throws EngineException {
    FusionBatch batch = new FusionBatch(1);
    batch.add(pair.visibleY, pair.visibleU, pair.visibleV, pair.infrared, pair.fusedY, labels);
    engine.fuse(batch);
  }

  @Test
  void interrupt_fromAnotherThread_endsTheCallAndAllLaterOnes() throws Exception {
    ModelFile model = colourModel(32, 16, "fused_y", DType.UINT8);
    FusionEngine engine = provider().open(model, new EngineOptions(32, 16, 1, 1));
    Pair pair = new Pair(32, 16);
    fuse(engine, pair);
    Thread other = new Thread(engine::interrupt, "interrupter");
    other.start();
    other.join();
    assertThrows(EngineException.class, () -> fuse(engine, pair));
    engine.close();
    engine.interrupt();
  }

  @Test
  void open_graphThatBreaksTheContract_namesWhatItHas() throws Exception {
    ModelFile renamed = colourModel(32, 16, "picture", DType.UINT8);
    EngineException e = assertThrows(EngineException.class, () -> open(renamed));
    assertEquals(
        "model colour must have outputs [fused_y, labels], its graph has [labels, picture]",
        e.getMessage());
    ModelFile floats = colourModel(32, 16, "fused_y", DType.FLOAT32);
    e = assertThrows(EngineException.class, () -> open(floats));
    assertEquals(
        "model colour: fused_y must be UINT8 [1 or batch, 1, 16, 32], the graph has FLOAT"
            + " [-1, 1, 16, 32]",
        e.getMessage());
  }

  @Test
  void open_fileThatIsNoModel_saysWhichAndWhy() throws Exception {
    ModelFile model = colourModel(32, 16, "fused_y", DType.UINT8);
    Files.writeString(model.onnx(), "not a protobuf");
    EngineException e = assertThrows(EngineException.class, () -> open(model));
    assertTrue(e.getMessage().startsWith("ONNX Runtime refuses model colour ("), e.getMessage());
  }

  @Test
  void fuse_tenThousandTimes_leavesResidentMemoryFlat() throws Exception {
    Path status = Path.of("/proc/self/statm");
    Assumptions.assumeTrue(Files.exists(status), "resident memory is read from /proc");
    try (FusionEngine engine = open(64, 48, 2)) {
      Pair[] pairs = {Pair.random(64, 48, 1), Pair.random(64, 48, 2)};
      FusionBatch batch = new FusionBatch(2);
      for (int i = 0; i < 3000; i++) {
        run(engine, batch, pairs, 1 + i % 2);
      }
      long before = residentBytes(status);
      for (int i = 0; i < 10_000; i++) {
        run(engine, batch, pairs, 1 + i % 2);
      }
      long grown = residentBytes(status) - before;
      // A leak of one 3 KB plane a call would be 30 MB; the young heap may still touch new pages.
      assertTrue(grown < 12 << 20, "resident memory grew by " + grown + " bytes");
    }
  }

  private static void run(FusionEngine engine, FusionBatch batch, Pair[] pairs, int n)
      throws EngineException {
    batch.clear();
    for (int i = 0; i < n; i++) {
      pairs[i].addTo(batch);
    }
    engine.fuse(batch);
  }

  private static long residentBytes(Path status) throws IOException {
    System.gc();
    return Long.parseLong(Files.readString(status).split(" ", -1)[1]) * 4096;
  }

  private FusionEngine open(ModelFile model) throws EngineException {
    return provider().open(model, new EngineOptions(32, 16, 1, 1));
  }

  /** fused = Y + U + V; label = infrared above 100, at a quarter of the size. */
  private ModelFile colourModel(int w, int h, String fusedName, DType fusedType)
      throws IOException, EngineException {
    OnnxOps ops = new OnnxOps(ParameterStore.empty());
    Shape full = Shape.of(Shape.DYNAMIC, 1, h, w);
    Shape half = Shape.of(Shape.DYNAMIC, 1, h / 2, w / 2);
    OnnxValue y = ops.cast(ops.input("visible_y", DType.UINT8, full), DType.FLOAT32);
    OnnxValue u = ops.cast(ops.input("visible_u", DType.UINT8, half), DType.FLOAT32);
    OnnxValue v = ops.cast(ops.input("visible_v", DType.UINT8, half), DType.FLOAT32);
    OnnxValue infrared = ops.cast(ops.input("infrared", DType.UINT8, full), DType.FLOAT32);
    OnnxValue colour = ops.resize(ops.add(u, v), h, w, Interpolation.NEAREST);
    ops.output(fusedName, ops.cast(ops.add(y, colour), fusedType));
    OnnxValue small = ops.averagePool(infrared, Pool.by(4));
    OnnxValue scores = ops.fixedConv(small, Conv.same(2, 1).withoutBias(), 0, 1);
    OnnxValue classes = ops.argMax(ops.add(scores, ops.constant(Shape.of(2, 1, 1), 100, 0)), 1);
    ops.output("labels", ops.cast(classes, DType.UINT8));
    Path directory = Files.createTempDirectory(cache, "colour");
    Path onnx = directory.resolve(ModelFile.ONNX_NAME);
    try (FileChannel out =
        FileChannel.open(onnx, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ops.write("colour", out);
    }
    ModelFile.writeManifest(
        directory.resolve(ModelFile.MANIFEST_NAME),
        new ModelManifest(
            "colour",
            ModelFile.sha256(onnx),
            List.of("visible_y", "visible_u", "visible_v", "infrared"),
            w,
            h,
            1,
            4,
            List.of("cold", "warm"),
            List.of(0x0000ff, 0xff0000),
            "fp32",
            "none: made for a test",
            "none"));
    return ModelFile.read(directory);
  }
}
