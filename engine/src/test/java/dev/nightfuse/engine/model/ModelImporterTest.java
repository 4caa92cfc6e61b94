package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Npy;
import dev.nightfuse.engine.ort.OrtProvider;
import dev.nightfuse.engine.weights.TorchZipWriter;
import dev.nightfuse.engine.weights.WeightsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a checkpoint to a model that an engine runs. */
final class ModelImporterTest {

  private static final Path PEERS =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/peers/weights");

  @TempDir private Path folder;

  private final ModelImporter importer =
      new ModelImporter(new OrtProvider(), ModelImporter.Listener.SILENT);

  @Test
  void run_oddSizeLumaNetwork_verifiesExactlyAndEverySampleOfABatchEqualsItsOwnResult()
      throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 51, 37);
    Path model = imported(options);
    assertTrue(ModelCheck.verify(model, new OrtProvider()).exact());
    batchEqualsSingles(model, 51, 37, false);
  }

  @Test
  void run_oddSizeColourNetwork_padsInsideAndLabelsEverySampleOfABatchLikeItself()
      throws Exception {
    Path model = imported(ImportOptions.of(Network.MFNET, 51, 37));
    assertEquals(9, ModelFile.read(model).manifest().classes().size());
    batchEqualsSingles(model, 51, 37, true);
  }

  @Test
  void run_networkThatOnlySegments_passesTheVisibleLumaThrough() throws Exception {
    Path model = imported(ImportOptions.of(Network.MFNET, 48, 32));
    PlaneOutputs outputs = PlaneOutputs.of(new OrtProvider(), ModelFile.read(model), 48, 32);
    FormulaPair pair = FormulaPair.of(48, 32, 0);
    for (int i = 0; i < 48 * 32; i++) {
      assertEquals(pair.y().get(i), outputs.fused().get(0).get(i), "pixel " + i);
    }
  }

  @Test
  void run_fusionPartOfMafs_needsNoSegmentationWeightsAndLeavesThemOutOfTheFile() throws Exception {
    ImportOptions options = part(Network.MAFS, ImportOptions.Part.FUSION, 70, 50);
    Path model = imported(options);
    assertFalse(ModelFile.read(model).manifest().segments());
    // 1.56 M values in FP32.
    long bytes = Files.size(model.resolve(ModelFile.ONNX_NAME));
    assertTrue(bytes > 5_000_000 && bytes < 7_500_000, bytes + " bytes");
    batchEqualsSingles(model, 70, 50, false);
  }

  @Test
  void run_dataParallelPrefixAndExtraKeys_areHandledAndReported() throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 32, 32);
    Path file = folder.resolve("wrapped.safetensors");
    GeneratedCheckpoint.write(file, options, key -> "module." + key);
    ModelImporter.Report report = importer.run(file, options, folder.resolve("a"), false);
    assertEquals(List.of(), report.unknown());

    Path other = folder.resolve("extra.safetensors");
    GeneratedCheckpoint.write(other, options.withPart(ImportOptions.Part.FULL));
    EngineException e =
        assertThrows(
            EngineException.class, () -> importer.run(other, options, folder.resolve("a"), false));
    assertTrue(e.getMessage().contains("exists"), e.getMessage());
  }

  @Test
  void run_replacing_takesAModelOrAnEmptyFolderAndNothingElse() throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 32, 32);
    Path file = folder.resolve("a.safetensors");
    GeneratedCheckpoint.write(file, options);
    Path models = folder.resolve("models");
    Path model = Files.createDirectories(models.resolve("m"));
    importer.run(file, options, model, true);
    importer.run(file, options, model, true);
    for (Path noModel : List.of(models, file)) {
      EngineException e =
          assertThrows(EngineException.class, () -> importer.run(file, options, noModel, true));
      assertTrue(e.getMessage().contains(noModel + " exists and is no model"), e.getMessage());
    }
    assertTrue(Files.exists(model.resolve(ModelFile.MANIFEST_NAME)));
    assertEquals(Set.of("a.safetensors", "models"), Set.copyOf(left()));
  }

  @Test
  void run_weightsOfTheUsersOwn_areNotDeclaredAsTheShippedOnes() throws Exception {
    ImportOptions options = ImportOptions.of(Network.NIGHTNET_S, 64, 64).withClasses(9);
    ModelManifest own = ModelFile.read(imported(options)).manifest();
    assertEquals("nightnet-s-64x64", own.name());
    assertTrue(own.training().startsWith("nightnet-s imported from weights"), own.training());
    assertTrue(own.dataLicence().startsWith("not stated"), own.dataLicence());

    Path shipped = folder.resolve("shipped.safetensors");
    try (InputStream in = ModelStore.class.getResourceAsStream("nightnet-s.safetensors")) {
      Files.copy(Objects.requireNonNull(in), shipped);
    }
    importer.run(shipped, options, folder.resolve("same"), false);
    ModelManifest ours = ModelFile.read(folder.resolve("same")).manifest();
    assertEquals("nightnet-s", ours.name());
    assertTrue(ours.training().startsWith("configs/training/nightnet-s-all.yaml"));
    assertEquals(Network.NIGHTNET_S.licence(), ours.dataLicence());
  }

  @Test
  void run_missingAndForeignKeys_areListedByNameAndNothingIsLeftBehind() throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 32, 32);
    Path file = renamed(options);
    EngineException e =
        assertThrows(
            EngineException.class, () -> importer.run(file, options, folder.resolve("m"), false));
    assertTrue(e.getMessage().contains("decode1.conv.weight"), e.getMessage());
    assertTrue(e.getMessage().contains("decode9.conv.weight"), e.getMessage());
    assertEquals(List.of("renamed.safetensors"), left());
  }

  @Test
  void run_leftoversOfImportsThatDied_doNotBlockAndTheOldOnesGo() throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 32, 32);
    Path file = folder.resolve("a.safetensors");
    GeneratedCheckpoint.write(file, options);
    for (String kind : List.of(".importing-", ".replaced-")) {
      Path running = leftover(kind + "m-", 1);
      Path old = leftover(kind + "m-", 25);
      Path ofAnother = leftover(kind + "n-", 25);
      Path ofOneOfLongerName = leftover(kind + "m-small-", 25);

      importer.run(file, options, folder.resolve("m"), true);

      assertFalse(Files.exists(old), kind);
      for (Path left : List.of(running, ofAnother, ofOneOfLongerName)) {
        assertTrue(Files.exists(left), kind);
      }
    }
    // The file, the model and these six.
    assertEquals(8, left().size(), left().toString());
  }

  @Test
  void run_importFails_leavesWhatMayBeTheOnlyCopyOfTheModel() throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 32, 32);
    Path file = renamed(options);
    Path old = leftover(".replaced-m-", 25);
    assertThrows(
        EngineException.class, () -> importer.run(file, options, folder.resolve("m"), true));
    assertTrue(Files.exists(old));
  }

  /** A checkpoint that misses a key and has another instead. */
  private Path renamed(ImportOptions options) throws IOException {
    Path file = folder.resolve("renamed.safetensors");
    GeneratedCheckpoint.write(
        file, options, key -> key.equals("decode1.conv.weight") ? "decode9.conv.weight" : key);
    return file;
  }

  private Path leftover(String prefix, int hoursOld) throws IOException {
    Path leftover = Files.createDirectory(folder.resolve(prefix + UUID.randomUUID()));
    Files.write(leftover.resolve(ModelFile.ONNX_NAME), new byte[10]);
    FileTime now = Files.getLastModifiedTime(leftover);
    Files.setLastModifiedTime(
        leftover, FileTime.fromMillis(now.toMillis() - hoursOld * 3_600_000L));
    return leftover;
  }

  @Test
  void run_impossibleOption_namesItAndWhatIsAllowed() {
    ImportOptions options = part(Network.SEAFUSION, ImportOptions.Part.SEGMENTATION, 32, 32);
    EngineException e =
        assertThrows(
            EngineException.class,
            () -> importer.run(folder.resolve("no.pth"), options, folder.resolve("m"), false));
    assertTrue(e.getMessage().contains("does not segment"), e.getMessage());
  }

  @Test
  void run_rawGraph_declaresItselfAndIsNotMeasured() throws Exception {
    Path model = imported(ImportOptions.of(Network.SEAFUSION, 32, 32).withRaw(true));
    assertFalse(Files.exists(model.resolve(GoldenFile.NAME)));
    EngineException e =
        assertThrows(EngineException.class, () -> ModelCheck.verify(model, new OrtProvider()));
    assertTrue(e.getMessage().contains("--raw"), e.getMessage());
  }

  @Test
  void run_half_isWithinLimitsHalfTheSizeAndSaysItsError() throws Exception {
    ImportOptions options = ImportOptions.of(Network.SEAFUSION, 64, 48);
    Path exact = imported(options);
    Path half = imported(options.withHalf(true));
    assertTrue(
        Files.size(half.resolve(ModelFile.ONNX_NAME))
            < 0.6 * Files.size(exact.resolve(ModelFile.ONNX_NAME)));
    String accuracy = ModelFile.read(half).manifest().accuracy();
    assertTrue(accuracy.matches("fused mean 0\\.\\d{4}, worst \\d grey levels"), accuracy);
    Accuracy difference = ModelCheck.difference(exact, half, new OrtProvider());
    assertTrue(difference.withinLimits("fp16"), difference.toString());
    assertEquals("fused mean 0.5 and worst 8 grey levels", difference.limits("fp16"));
    Accuracy verified = ModelCheck.verify(half, new OrtProvider());
    assertEquals(difference, verified);
  }

  @Test
  void run_publishedSeAFusion_importsWithoutUnknownKeys() throws Exception {
    Path weights = PEERS.resolve("SeAFusion.pth");
    assumeTrue(Files.exists(weights), "published weights are not here: " + weights);
    ModelImporter.Report report =
        importer.run(
            weights, ImportOptions.of(Network.SEAFUSION, 64, 48), folder.resolve("m"), false);
    assertEquals(List.of(), report.unknown());
    Path mfnet = PEERS.resolve("MFNet.pth");
    assertEquals(
        List.of(),
        importer
            .run(mfnet, ImportOptions.of(Network.MFNET, 64, 48), folder.resolve("n"), false)
            .unknown());
  }

  @Test
  @Tag("long")
  void run_wholeMafsAndMaeFuse_importInASmallHeap() throws Exception {
    for (Network network : List.of(Network.MAFS, Network.MAEFUSE)) {
      ImportOptions options = ImportOptions.of(network, 64, 64).withClasses(9);
      Path file = folder.resolve(network.id() + ".safetensors");
      GeneratedCheckpoint.write(file, options);
      Path model = folder.resolve(network.id());
      assertNotNull(
          new ModelImporter(null, ModelImporter.Listener.SILENT).run(file, options, model, false));
      assertTrue(
          Files.size(model.resolve(ModelFile.ONNX_NAME)) > 0.98 * Files.size(file), network.id());
      Files.delete(file);
    }
  }

  @Test
  @Tag("long")
  void run_rawMafs_matchesTheAuthorsOutputs() throws Exception {
    Path golden =
        Path.of(System.getProperty("nightfuse.root", ".."), "../shared/golden/mafs/formula_64x64");
    Path fused = golden.resolveSibling("formula_64x64.fused.npy");
    assumeTrue(Files.exists(fused), "golden vectors are not here: " + fused);
    ImportOptions options = ImportOptions.of(Network.MAFS, 64, 64).withRaw(true).withClasses(15);
    Path file = folder.resolve("mafs.safetensors");
    GeneratedCheckpoint.write(file, options);
    Path model = folder.resolve("mafs");
    new ModelImporter(null, ModelImporter.Listener.SILENT)
        .run(file, options.withClasses(0), model, false);
    Map<String, float[]> outputs =
        GraphRunner.run(
            model.resolve(ModelFile.ONNX_NAME),
            Map.of(
                "visible",
                new GraphRunner.Input(
                    new long[] {1, 3, 64, 64},
                    GeneratedWeights.unit(GeneratedWeights.visible(64, 64))),
                "infrared",
                new GraphRunner.Input(
                    new long[] {1, 1, 64, 64},
                    GeneratedWeights.unit(GeneratedWeights.infrared(64, 64)))));
    assertEquals(Set.of("fused", "semantic"), outputs.keySet());
    assertArrayEquals(Npy.read(fused), outputs.get("fused"), 1e-4f);
    assertArrayEquals(
        Npy.read(golden.resolveSibling("formula_64x64.semantic.npy")),
        outputs.get("semantic"),
        1e-4f);

    ImportOptions labelsOnly = part(Network.MAFS, ImportOptions.Part.SEGMENTATION, 70, 50);
    Path labels = folder.resolve("labels");
    new ModelImporter(new OrtProvider(), ModelImporter.Listener.SILENT)
        .run(file, labelsOnly, labels, false);
    batchEqualsSingles(labels, 70, 50, true);
  }

  @Test
  void run_torchZipOfATrainingRun_givesTheSameFileAsSafetensors() throws Exception {
    torchZipGivesTheSameFile(ImportOptions.of(Network.SEAFUSION, 64, 48), "model");
    torchZipGivesTheSameFile(part(Network.MAFS, ImportOptions.Part.FUSION, 64, 32), "MTAN");
  }

  @Test
  @Tag("long")
  void run_torchZipOfWholeMafsAndMaeFuse_givesTheSameFileAsSafetensors() throws Exception {
    torchZipGivesTheSameFile(ImportOptions.of(Network.MAFS, 64, 64).withClasses(9), "MTAN");
    torchZipGivesTheSameFile(ImportOptions.of(Network.MAEFUSE, 64, 64), "model");
  }

  private void torchZipGivesTheSameFile(ImportOptions options, String wrapper) throws Exception {
    Path tensors = folder.resolve(options.network().id() + ".safetensors");
    Path zip = folder.resolve(options.network().id() + ".pth");
    GeneratedCheckpoint.write(tensors, options);
    try (WeightsFile weights = WeightsFile.open(tensors)) {
      TorchZipWriter.write(zip, wrapper, "module.", weights);
    }
    ModelImporter silent = new ModelImporter(null, ModelImporter.Listener.SILENT);
    Path expected = folder.resolve(options.network().id() + "-safetensors");
    Path found = folder.resolve(options.network().id() + "-zip");
    silent.run(tensors, options, expected, false);
    assertEquals(List.of(), silent.run(zip, options, found, false).unknown());
    assertEquals(
        ModelFile.read(expected).manifest().sha256(), ModelFile.read(found).manifest().sha256());
    assertTrue(ModelFile.read(found).manifest().training().contains("PyTorch (zip)"));
    Files.delete(tensors);
    Files.delete(zip);
  }

  private static ImportOptions part(
      Network network, ImportOptions.Part part, int widthPx, int heightPx) {
    return ImportOptions.of(network, widthPx, heightPx).withPart(part);
  }

  private Path imported(ImportOptions options) throws EngineException, IOException {
    Path file = Files.createTempFile(folder, "weights", ".safetensors");
    GeneratedCheckpoint.write(file, options);
    Path model = folder.resolve(options.half() ? "half" : "model");
    importer.run(file, options, model, false);
    return model;
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private static void batchEqualsSingles(Path model, int width, int height, boolean labels)
      throws EngineException {
    try (FusionEngine engine =
        new OrtProvider().open(ModelFile.read(model), new EngineOptions(width, height, 2, 1))) {
      List<ByteBuffer> alone = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        alone.addAll(fuse(engine, width, height, labels, i));
      }
      assertEquals(alone, fuse(engine, width, height, labels, 0, 1));
      assertFalse(alone.get(0).equals(alone.get(labels ? 2 : 1)), "different pairs differ");
    }
  }

  private static List<ByteBuffer> fuse(
      FusionEngine engine, int width, int height, boolean labels, int... pairs)
      throws EngineException {
    FusionBatch batch = new FusionBatch(2);
    List<ByteBuffer> outputs = new ArrayList<>();
    for (int number : pairs) {
      FormulaPair pair = FormulaPair.of(width, height, number);
      ByteBuffer fused = ByteBuffer.allocateDirect(width * height);
      outputs.add(fused);
      @Nullable ByteBuffer map = null;
      if (labels) {
        map = ByteBuffer.allocateDirect(width * height);
        outputs.add(map);
      }
      batch.add(pair.y(), pair.u(), pair.v(), pair.infrared(), fused, map);
    }
    engine.fuse(batch);
    return outputs;
  }
}
