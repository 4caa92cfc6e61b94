package dev.nightfuse.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.model.ModelStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every backend promises; each one has a test class that extends this one. */
public abstract class FusionEngineContract {

  private static final int WIDTH = 96;
  private static final int HEIGHT = 64;

  @TempDir protected Path cache;

  /** The backend under test. */
  protected abstract EngineProvider provider();

  /** Grey levels by which a pair's result may depend on the batch it is in. */
  protected int batchTolerance() {
    return 0;
  }

  @BeforeEach
  void requireBackend() {
    Availability here = provider().probe();
    Assumptions.assumeTrue(here.available(), here.detail());
  }

  @Test
  void open_builtInModel_declaresSizesOfThePictures() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 2)) {
      assertEquals(WIDTH, engine.spec().widthPx());
      assertEquals(HEIGHT, engine.spec().heightPx());
      assertEquals(2, engine.spec().maxBatch());
      assertEquals(ModelStore.DETAIL_TRANSFER, engine.spec().model());
    }
  }

  @Test
  void fuse_flatPictures_givesAFlatPicture() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      Pair pair = new Pair(WIDTH, HEIGHT);
      fill(pair.visibleY, 120);
      fill(pair.infrared, 90);
      fuse(engine, pair);
      int first = pair.fusedY.get(0) & 0xFF;
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        assertEquals(first, pair.fusedY.get(i) & 0xFF, "pixel " + i);
      }
      assertTrue(first >= 85 && first <= 125, "between its sources, was " + first);
    }
  }

  @Test
  void fuse_batch_givesEachPairItsResultAlone() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 4)) {
      List<Pair> pairs = new ArrayList<>();
      for (int seed = 0; seed < 4; seed++) {
        pairs.add(Pair.random(WIDTH, HEIGHT, seed));
      }
      List<byte[]> alone = new ArrayList<>();
      for (Pair pair : pairs) {
        fuse(engine, pair);
        alone.add(pair.fused());
        fill(pair.fusedY, 0);
      }
      for (int n = 2; n <= 4; n++) {
        fuse(engine, pairs.subList(0, n).toArray(Pair[]::new));
        for (int i = 0; i < n; i++) {
          int difference = difference(alone.get(i), pairs.get(i).fused());
          assertTrue(difference <= batchTolerance(), "pair " + i + " of " + n + ": " + difference);
        }
      }
    }
  }

  @Test
  void begin_asManyAsTheDepth_finishInOrderWithTheResultsOfFuse() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      int n = engine.depth();
      List<byte[]> alone = new ArrayList<>();
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        Pair pair = Pair.random(WIDTH, HEIGHT, 50 + i);
        pairs.add(pair);
        fuse(engine, pair);
        alone.add(pair.fused());
        fill(pair.fusedY, 0);
      }
      for (int round = 0; round < 3; round++) {
        for (Pair pair : pairs) {
          FusionBatch batch = new FusionBatch(1);
          pair.addTo(batch);
          engine.begin(batch);
        }
        for (int i = 0; i < n; i++) {
          engine.finish();
          assertEquals(0, difference(alone.get(i), pairs.get(i).fused()), "pair " + i);
          fill(pairs.get(i).fusedY, 0);
        }
      }
    }
  }

  @Test
  void fuse_samePairTwice_isDeterministicAndLeavesInputsAlone() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      Pair pair = Pair.random(WIDTH, HEIGHT, 7);
      Pair copy = Pair.random(WIDTH, HEIGHT, 7);
      fuse(engine, pair);
      byte[] first = pair.fused();
      fuse(engine, pair);
      assertEquals(0, difference(first, pair.fused()));
      assertEquals(copy.visibleY, pair.visibleY);
      assertEquals(copy.infrared, pair.infrared);
    }
  }

  @Test
  void fuse_freshPlanesEveryCall_givesTheSameResults() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      Pair reference = Pair.random(WIDTH, HEIGHT, 3);
      fuse(engine, reference);
      for (int i = 0; i < 200; i++) {
        Pair fresh = Pair.random(WIDTH, HEIGHT, 3);
        fuse(engine, fresh);
        assertEquals(0, difference(reference.fused(), fresh.fused()), "call " + i);
      }
    }
  }

  @Test
  void fuse_planeOfAnotherSize_namesExpectedAndFound() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      Pair pair = new Pair(WIDTH, HEIGHT);
      FusionBatch batch = new FusionBatch(1);
      batch.add(
          pair.visibleY,
          pair.visibleU,
          pair.visibleV,
          ByteBuffer.allocateDirect(100),
          pair.fusedY,
          null);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> engine.fuse(batch));
      assertTrue(e.getMessage().contains("infrared"), e.getMessage());
      assertTrue(e.getMessage().contains("96 x 64 = 6144"), e.getMessage());
      assertTrue(e.getMessage().contains("100"), e.getMessage());
    }
  }

  @Test
  void fuse_moreThanOpenedFor_isRefused() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      FusionBatch batch = new FusionBatch(2);
      new Pair(WIDTH, HEIGHT).addTo(batch);
      new Pair(WIDTH, HEIGHT).addTo(batch);
      assertThrows(IllegalArgumentException.class, () -> engine.fuse(batch));
    }
  }

  @Test
  void fuse_emptyBatch_doesNothing() throws EngineException {
    try (FusionEngine engine = open(WIDTH, HEIGHT, 1)) {
      engine.fuse(new FusionBatch(1));
    }
  }

  @Test
  void close_twice_thenUse_isAnIllegalState() throws EngineException {
    FusionEngine engine = open(WIDTH, HEIGHT, 2);
    Pair pair = new Pair(WIDTH, HEIGHT);
    fuse(engine, pair);
    engine.close();
    engine.close();
    assertThrows(IllegalStateException.class, () -> fuse(engine, pair));
  }

  @Test
  void open_modelOfAnotherSize_namesBoth() throws EngineException {
    ModelFile model = model(WIDTH, HEIGHT);
    EngineException e =
        assertThrows(
            EngineException.class,
            () -> provider().open(model, new EngineOptions(640, 480, 1, 1)).close());
    assertTrue(e.getMessage().contains("96 x 64, not 640 x 480"), e.getMessage());
  }

  @Test
  void open_impossibleOptions_namesValueAndRange() throws EngineException {
    ModelFile model = model(WIDTH, HEIGHT);
    EngineException e =
        assertThrows(
            EngineException.class,
            () -> provider().open(model, new EngineOptions(WIDTH, HEIGHT, 0, 1)).close());
    assertTrue(e.getMessage().contains("batch is 0, must be 1 to 64"), e.getMessage());
  }

  protected ModelFile model(int width, int height) throws EngineException {
    return new ModelStore(cache).resolve(ModelStore.DETAIL_TRANSFER, width, height);
  }

  protected FusionEngine open(int width, int height, int maxBatch) throws EngineException {
    return provider().open(model(width, height), new EngineOptions(width, height, maxBatch, 1));
  }

  protected static void fuse(FusionEngine engine, Pair... pairs) throws EngineException {
    FusionBatch batch = new FusionBatch(Math.max(1, pairs.length));
    for (Pair pair : pairs) {
      pair.addTo(batch);
    }
    engine.fuse(batch);
  }

  protected static void fill(ByteBuffer plane, int value) {
    for (int i = 0; i < plane.capacity(); i++) {
      plane.put(i, (byte) value);
    }
  }

  protected static int difference(byte[] a, byte[] b) {
    int worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs((a[i] & 0xFF) - (b[i] & 0xFF)));
    }
    return worst;
  }

  /** The planes of one pair and of its result. */
  protected static final class Pair {
    public final ByteBuffer visibleY;
    public final ByteBuffer visibleU;
    public final ByteBuffer visibleV;
    public final ByteBuffer infrared;
    public final ByteBuffer fusedY;

    public Pair(int width, int height) {
      int chroma = (width + 1) / 2 * ((height + 1) / 2);
      visibleY = ByteBuffer.allocateDirect(width * height);
      visibleU = ByteBuffer.allocateDirect(chroma);
      visibleV = ByteBuffer.allocateDirect(chroma);
      infrared = ByteBuffer.allocateDirect(width * height);
      fusedY = ByteBuffer.allocateDirect(width * height);
    }

    public static Pair random(int width, int height, long seed) {
      Pair pair = new Pair(width, height);
      Random random = new Random(seed);
      for (ByteBuffer plane : List.of(pair.visibleY, pair.visibleU, pair.visibleV, pair.infrared)) {
        byte[] values = new byte[plane.capacity()];
        random.nextBytes(values);
        plane.put(0, values);
      }
      return pair;
    }

    public void addTo(FusionBatch batch) {
      batch.add(visibleY, visibleU, visibleV, infrared, fusedY, null);
    }

    public byte[] fused() {
      byte[] values = new byte[fusedY.capacity()];
      fusedY.get(0, values);
      return values;
    }
  }
}
