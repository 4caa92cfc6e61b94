package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.Availability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TensorRtProbeTest {

  private static final GpuDevice HOPPER =
      new GpuDevice(0, "Hopper", 9, 0, 12080, 1L << 37, false, 132, 1_980_000);

  @TempDir Path root;

  /** A loader that must not be reached, or tells a version. */
  private TensorRtLoader loader(String version) {
    return new TensorRtLoader() {
      @Override
      public String version(TensorRtFiles files) throws GpuException {
        if (version.isEmpty()) {
          throw new AssertionError("TensorRT was touched");
        }
        return version;
      }

      @Override
      public TensorRtRuntime open(GpuDevice gpu, TensorRtFiles files) {
        throw new AssertionError("a probe opens nothing");
      }
    };
  }

  private String reason(GpuDriver driver, String given, String version) {
    LibrarySearch search = new LibrarySearch(root, "amd64", given);
    GpuException e =
        assertThrows(
            GpuException.class, () -> new TensorRtProbe(driver, search, loader(version)).look());
    return e.getMessage();
  }

  private TensorRtProbe.Here look(String given) throws GpuException {
    return new TensorRtProbe(
            () -> List.of(HOPPER), new LibrarySearch(root, "amd64", given), loader("10.9.0"))
        .look();
  }

  private void put(String folder, String... names) throws IOException {
    Path directory = Files.createDirectories(root.resolve(folder));
    for (String name : names) {
      Files.writeString(directory.resolve(name), "");
    }
  }

  @Test
  void look_noDriver_saysSoAndTouchesNothingElse() throws IOException {
    put("usr/lib/x86_64-linux-gnu", "libnvinfer.so.10", "libnvonnxparser.so.10");

    assertEquals(
        "no driver here",
        reason(
            () -> {
              throw new GpuException("no driver here");
            },
            "",
            ""));
  }

  @Test
  void look_noTensorRt_namesThePlacesAndTheVariable() {
    String reason = reason(() -> List.of(HOPPER), "", "");

    assertTrue(reason.startsWith("TensorRT is not installed: no libnvinfer.so.10 in"), reason);
    assertTrue(reason.contains("usr/lib/x86_64-linux-gnu"), reason);
    assertTrue(reason.endsWith("set NIGHTFUSE_TENSORRT_DIR to its folder"), reason);
  }

  @Test
  void look_onlyAnotherMajor_namesIt() throws IOException {
    put("usr/lib/x86_64-linux-gnu", "libnvinfer.so.8", "libnvinfer.so.8.6.2");

    String reason = reason(() -> List.of(HOPPER), "", "");

    assertTrue(reason.startsWith("TensorRT 10 is needed, found only"), reason);
    assertTrue(reason.contains("libnvinfer.so.8.6.2"), reason);
  }

  @Test
  void look_parserMissing_saysWhere() throws IOException {
    put("usr/lib/x86_64-linux-gnu", "libnvinfer.so.10");

    String reason = reason(() -> List.of(HOPPER), "", "");

    assertTrue(reason.contains("has no libnvonnxparser.so.10 beside libnvinfer.so.10"), reason);
  }

  @Test
  void look_givenFolderDoesNotExist_namesTheVariable() {
    assertEquals(
        "NIGHTFUSE_TENSORRT_DIR is /nowhere, which is no folder",
        reason(() -> List.of(HOPPER), "/nowhere", ""));
  }

  @Test
  void look_librariesThatDoNotLoad_givesTheirNameAndNoCrash() throws Exception {
    put("usr/lib/x86_64-linux-gnu", "libnvinfer.so.10", "libnvonnxparser.so.10");
    TensorRtProbe probe =
        new TensorRtProbe(
            () -> List.of(HOPPER),
            new LibrarySearch(root, "amd64", ""),
            new NvLoader(root.resolve("natives")));

    GpuException e = assertThrows(GpuException.class, probe::look);

    assertTrue(e.getMessage().contains("libnvinfer.so.10 does not load"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "usr/lib/x86_64-linux-gnu",
        "usr/local/tensorrt/lib",
        "usr/local/TensorRT-10.9.0.34/lib",
        "opt/TensorRT-10.15.1.29/lib",
        "usr/lib64"
      })
  void look_usualPlaces_areSearched(String folder) throws Exception {
    put(
        folder,
        "libnvinfer.so.10",
        "libnvonnxparser.so.10",
        "libnvinfer_builder_resource_sm90.so.10.9.0");

    TensorRtProbe.Here here = look("");

    assertEquals(root.resolve(folder).resolve("libnvinfer.so.10"), here.files().runtime());
    assertEquals("", here.whyNoBuilder());
    assertEquals(
        "TensorRT 10.9.0 on Hopper (sm_90, 128.0 GiB), driver for CUDA 12.8", here.toString());
  }

  @Test
  void look_givenFolder_isTheOnlyOne() throws Exception {
    put("usr/lib/x86_64-linux-gnu", "libnvinfer.so.10", "libnvonnxparser.so.10");
    put("mine/lib", "libnvinfer.so.10", "libnvonnxparser.so.10");

    assertTrue(look("/mine").files().runtime().startsWith(root.resolve("mine/lib")));
  }

  @Test
  void look_builderResourceOfAnotherGeneration_isNotEnough() throws Exception {
    put(
        "usr/lib/x86_64-linux-gnu",
        "libnvinfer.so.10",
        "libnvonnxparser.so.10",
        "libnvinfer_builder_resource_sm80.so.10.9.0",
        "libnvinfer_builder_resource_sm120.so.10.9.0");

    String why = look("").whyNoBuilder();

    assertTrue(why.startsWith("no libnvinfer_builder_resource_sm90 beside"), why);
    assertTrue(why.contains("_sm80.so.10.9.0"), why);
  }

  @Test
  void whyNoBuilder_laterChipOfAGeneration_usesTheEarlierOnes() {
    TensorRtFiles files =
        new TensorRtFiles(root, root, List.of("libnvinfer_builder_resource_sm86.so.10.16.2"));
    GpuDevice orin = new GpuDevice(0, "Orin", 8, 7, 13020, 1L << 34, true, 16, 1_300_000);

    assertEquals("", files.whyNoBuilder(orin));
    assertTrue(files.whyNoBuilder(HOPPER).contains("_sm90"));
  }

  @Test
  void probe_here_hasAReasonAndNeverCrashes() {
    Availability here = new TensorRtProvider(root, Map.of(), null, System::nanoTime).probe();
    Assumptions.assumeFalse(here.available(), "there is a GPU here: " + here.detail());
    assertFalse(here.detail().isBlank());
    if (!Files.exists(Path.of("/proc/driver/nvidia/version"))) {
      assertEquals("no NVIDIA driver: libcuda.so.1 is not on this machine", here.detail());
    }
  }
}
