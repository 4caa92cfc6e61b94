package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ort.OrtProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelStoreTest {

  private static final String NAME = ModelStore.DETAIL_TRANSFER;

  @TempDir Path folder;

  @Test
  void resolve_builtIn_writesItOnceAndThenReusesIt() throws Exception {
    ModelStore store = new ModelStore(folder.resolve("cache"));
    ModelFile first = store.resolve(NAME, 64, 48);
    FileTime written = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(first.onnx(), written);
    ModelFile second = store.resolve(NAME, 64, 48);
    assertEquals(first, second);
    assertEquals(written, Files.getLastModifiedTime(second.onnx()));
    assertEquals(List.of("visible_y", "infrared"), first.manifest().inputs());
    assertEquals(1, entries(folder.resolve("cache")).size());
  }

  @Test
  void resolve_damagedCache_isRewritten() throws Exception {
    ModelStore store = new ModelStore(folder);
    ModelFile first = store.resolve(NAME, 64, 48);
    Files.writeString(first.onnx(), "cut off");
    ModelFile second = store.resolve(NAME, 64, 48);
    assertEquals(first, second);
    assertEquals(second.manifest().sha256(), ModelFile.sha256(second.onnx()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"detail-transfer", "nightnet-s"})
  void resolve_filesOfProcessesThatDied_goAfterADay(String name) throws Exception {
    Path old = Files.createFile(folder.resolve("writing-1.safetensors"));
    Path inWork = Files.createFile(folder.resolve("writing-2.onnx"));
    Files.setLastModifiedTime(
        old,
        FileTime.from(Files.getLastModifiedTime(inWork).toInstant().minus(2, ChronoUnit.DAYS)));
    new ModelStore(folder).resolve(name, 64, 64);
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(inWork));
  }

  @Test
  void resolve_otherSize_isAnotherModel() throws EngineException {
    ModelStore store = new ModelStore(folder);
    ModelFile small = store.resolve(NAME, 64, 48);
    ModelFile large = store.resolve(NAME, 1280, 720);
    assertEquals(1280, large.manifest().widthPx());
    assertTrue(!small.onnx().equals(large.onnx()));
  }

  @Test
  void resolveForPictures_modelThatReadsColour_isForFullRange() throws EngineException {
    ModelStore store = new ModelStore(folder);
    ModelFile pictures = store.resolveForPictures("nightnet-s", 64, 64);
    ModelFile video = store.resolve("nightnet-s", 64, 64);
    assertTrue(pictures.manifest().fullRange());
    assertTrue(!video.manifest().fullRange());
    assertEquals(store.resolve(NAME, 64, 48), store.resolveForPictures(NAME, 64, 48));
    String directory = pictures.onnx().getParent().toString();
    assertEquals(pictures, store.resolveForPictures(directory, 64, 64));
    EngineException refused =
        assertThrows(EngineException.class, () -> store.resolve(directory, 64, 64));
    assertTrue(refused.getMessage().contains("0 to 255"), refused.getMessage());
  }

  @Test
  void resolve_fromSeveralThreadsAtOnce_allGetAWholeModel() throws Exception {
    ModelStore store = new ModelStore(folder);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<ModelFile>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        results.add(threads.submit(() -> store.resolve(NAME, 64, 48)));
      }
      for (Future<ModelFile> result : results) {
        assertEquals(results.get(0).get(), result.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(1, entries(folder).size(), "nothing half-written stays behind");
  }

  @Test
  void resolve_halfPrecision_isRefusedWithoutOrWithTooLargeAnError() throws Exception {
    ModelStore store = new ModelStore(folder);
    Path directory = store.resolve(NAME, 64, 48).onnx().getParent();
    Path yaml = directory.resolve(ModelFile.MANIFEST_NAME);
    String half = Files.readString(yaml).replace("fp32", "fp16");
    Files.writeString(yaml, half + "accuracy: \"about a grey level\"\n");
    assertEquals(
        "fp16",
        store.resolve(directory.toString(), 64, 48).manifest().precision(),
        "a model of the user's own, which no import measured");
    Files.createFile(directory.resolve(GoldenFile.NAME));
    Files.writeString(yaml, half);
    EngineException e =
        assertThrows(EngineException.class, () -> store.resolve(directory.toString(), 64, 48));
    assertTrue(e.getMessage().contains("no measured error"), e.getMessage());

    for (Accuracy accuracy :
        List.of(
            new Accuracy(0.6, 1, OptionalDouble.empty()),
            new Accuracy(0, 9, OptionalDouble.of(0)),
            new Accuracy(0, 1, OptionalDouble.of(0.011)))) {
      Files.writeString(yaml, half + "accuracy: \"" + accuracy + "\"\n");
      e = assertThrows(EngineException.class, () -> store.resolve(directory.toString(), 64, 48));
      assertTrue(e.getMessage().contains("too far from FP32: " + accuracy), e.getMessage());
    }
    for (OptionalDouble labels : List.of(OptionalDouble.of(0.01), OptionalDouble.empty())) {
      Files.writeString(yaml, half + "accuracy: \"" + new Accuracy(0.5, 8, labels) + "\"\n");
      assertEquals("fp16", store.resolve(directory.toString(), 64, 48).manifest().precision());
    }
  }

  @Test
  void resolve_directory_readsTheModelInIt() throws EngineException {
    ModelStore store = new ModelStore(folder);
    ModelFile built = store.resolve(NAME, 64, 48);
    Path directory = built.onnx().resolveSibling("");
    assertEquals(built.manifest(), store.resolve(directory.toString(), 64, 48).manifest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightnet-m", "nightnet-s"})
  void resolve_shippedNetwork_isWrittenForTheSizeWithItsClasses(String name) throws Exception {
    ModelFile model = new ModelStore(folder).resolve(name, 66, 50);
    assertEquals(name, model.manifest().name());
    assertEquals(66, model.manifest().widthPx());
    assertEquals(2, model.manifest().labelScale());
    assertEquals(9, model.manifest().classes().size());
    assertTrue(Files.size(model.onnx()) < 8_000_000);
    assertEquals(
        model.manifest(),
        new ModelStore(folder).resolve(name, 66, 50).manifest(),
        "from the cache");
  }

  /**
   * Graphs in users' caches are found by weights and edition. Where this fails the graph of the
   * same weights has changed: raise {@link Deployment#EDITION} and put both new values here.
   */
  @Test
  void edition_isRaisedWithEveryChangeOfTheGraph() throws Exception {
    ImportOptions options = ImportOptions.of(Network.NIGHTNET_S, 64, 32);
    Path weights = folder.resolve("weights.safetensors");
    GeneratedCheckpoint.write(weights, options.withClasses(9));
    Path model = folder.resolve("model");
    new ModelImporter(null, ModelImporter.Listener.SILENT).run(weights, options, model, false);
    assertEquals(
        "5: 795857d63c9396fe2417f94b8cd757a411098e648498d38b8d4e5d4c41c467e0",
        Deployment.EDITION + ": " + ModelFile.sha256(model.resolve(ModelFile.ONNX_NAME)));
  }

  /** After training anew: training/tools/nightnet.sh writes both. */
  @ParameterizedTest
  @ValueSource(strings = {"nightnet-m", "nightnet-s"})
  void documents_fileOfShippedNetwork_isWhatTheProgramWrites(String name) throws Exception {
    Path documents = Path.of(System.getProperty("nightfuse.root", ".."), "docs/models", name);
    assertEquals(
        new ModelStore(folder).resolve(name, 640, 480).manifest(),
        ModelFile.read(documents).manifest());
  }

  /** After training anew: nightfuse model calibrate, see docs/decisions/0013-int8.md. */
  @ParameterizedTest
  @ValueSource(strings = {"nightnet-m", "nightnet-s"})
  void resolve_shippedNetworkInInt8_fitsTheWeightsAndIsWithinItsLimits(String name)
      throws Exception {
    ModelStore store = new ModelStore(folder, new OrtProvider());
    for (int width : List.of(66, 640)) {
      ModelFile model = store.resolve(name + "-int8", width, 480);
      assertEquals(name + "-int8", model.manifest().name());
      assertEquals("int8", model.manifest().precision());
      assertTrue(model.manifest().accuracy().startsWith("fused mean"));
      assertTrue(Files.size(model.onnx()) < 2_000_000);
    }
    assertTrue(store.builtIn().contains(name + "-int8"));
    assertTrue(!new ModelStore(folder).builtIn().contains(name + "-int8"), "nothing measures it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightnet-m", "nightnet-s"})
  void resolve_shippedNetworkInFp16_isWithinItsLimits(String name) throws Exception {
    ModelFile model = new ModelStore(folder, new OrtProvider()).resolve(name + "-fp16", 96, 64);
    assertEquals("fp16", model.manifest().precision());
    assertTrue(model.manifest().accuracy().startsWith("fused mean"));
    assertTrue(!new ModelStore(folder).builtIn().contains(name + "-fp16"), "nothing measures it");
  }

  @Test
  void has_namesAndFolders_notWhatIsMisspelt() {
    ModelStore store = new ModelStore(folder);
    assertTrue(store.has("detail-transfer"));
    assertTrue(store.has(folder.toString()));
    assertFalse(store.has("nightnet2"));
    assertFalse(store.has(folder.resolve("none").toString()));
  }

  @Test
  void resolve_unknownName_listsTheBuiltInOnes() {
    EngineException e =
        assertThrows(
            EngineException.class, () -> new ModelStore(folder).resolve("nightnet2", 64, 48));
    assertEquals(
        "no model nightnet2: built in are %s; or give the directory that holds a model's model.yaml"
            .formatted(String.join(", ", new ModelStore(folder).builtIn())),
        e.getMessage());
  }

  @Test
  void resolve_pictureTooSmall_namesSizeAndLimit() {
    EngineException e =
        assertThrows(EngineException.class, () -> new ModelStore(folder).resolve(NAME, 15, 48));
    assertTrue(e.getMessage().contains("at least 16 x 16, not 15 x 48"), e.getMessage());
  }

  @Test
  void resolve_cacheThatCannotBeWritten_namesIt() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    EngineException e =
        assertThrows(EngineException.class, () -> new ModelStore(file).resolve(NAME, 64, 48));
    assertTrue(e.getMessage().contains("cannot write model detail-transfer below " + file));
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
