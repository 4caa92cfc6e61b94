package dev.nightfuse.engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WeightsFileTest {

  @TempDir private Path folder;

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private Path zip(byte[] pickle, Map<String, byte[]> storages) throws IOException {
    Path file = folder.resolve("checkpoint.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(pickle);
      for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
        zip.putNextEntry(new ZipEntry("archive/data/" + storage.getKey()));
        zip.write(storage.getValue());
      }
    }
    return file;
  }

  private static byte[] stateDict() {
    return new PickleBytes()
        .orderedDictStart()
        .text("conv.weight")
        .tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1})
        .text("conv.transposed")
        .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
        .text("conv.tail")
        .tensor("FloatStorage", "0", 6, 4, new long[] {2}, new long[] {1})
        .text("steps")
        .tensor("LongStorage", "1", 1, 0, new long[] {}, new long[] {})
        .dictEnd()
        .stop();
  }

  private static final Map<String, byte[]> STORAGES =
      Map.of("0", floats(1, 2, 3, 4, 5, 6), "1", new byte[] {7, 0, 0, 0, 0, 0, 0, 0});

  @Test
  void open_zipCheckpoint_readsContiguousStridedOffsetAndScalarTensors() throws Exception {
    try (WeightsFile weights = WeightsFile.open(zip(stateDict(), STORAGES))) {
      assertEquals("PyTorch (zip)", weights.container());
      assertEquals(
          Set.of("conv.weight", "conv.transposed", "conv.tail", "steps"),
          weights.tensors().keySet());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, values(weights, "conv.weight"));
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, values(weights, "conv.transposed"));
      assertArrayEquals(new float[] {5, 6}, values(weights, "conv.tail"));
      assertArrayEquals(new float[] {7}, values(weights, "steps"));
      assertEquals(List.of(), tensor(weights, "steps").shape());
    }
  }

  @Test
  void open_legacyCheckpoint_readsTheSameTensors() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] magic = {
      0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
    };
    out.writeBytes(new PickleBytes().op(0x8a).op(magic.length).raw(magic).stop());
    out.writeBytes(new PickleBytes().number(1001).stop());
    out.writeBytes(new PickleBytes().dictStart().text("little_endian").op(0x88).dictEnd().stop());
    out.writeBytes(stateDict());
    out.writeBytes(new PickleBytes().op(']').op('(').text("1").text("0").op('e').stop());
    out.writeBytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
    out.writeBytes(STORAGES.get("1"));
    out.writeBytes(new byte[] {6, 0, 0, 0, 0, 0, 0, 0});
    out.writeBytes(STORAGES.get("0"));
    Path file = Files.write(folder.resolve("legacy.pth"), out.toByteArray());

    try (WeightsFile weights = WeightsFile.open(file)) {
      assertEquals("PyTorch (legacy)", weights.container());
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, values(weights, "conv.transposed"));
      assertArrayEquals(new float[] {7}, values(weights, "steps"));
    }

    // Every truncation is an EngineException that names the file: never another exception, never
    // success.
    byte[] whole = out.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.pth"), java.util.Arrays.copyOf(whole, length));
      EngineException e = assertThrows(EngineException.class, () -> WeightsFile.open(cut).close());
      assertTrue(e.getMessage().contains("cut.pth"), e.getMessage());
    }
  }

  @Test
  void open_storageLargerThanAnyFile_isRefused() throws Exception {
    byte[] pickle =
        new PickleBytes()
            .dictStart()
            .text("w")
            .tensor("FloatStorage", "0", Long.MAX_VALUE / 2, 0, new long[] {1}, new long[] {1})
            .dictEnd()
            .stop();
    Path file = zip(pickle, Map.of("0", floats(1)));
    EngineException e = assertThrows(EngineException.class, () -> WeightsFile.open(file).close());
    assertEquals("weights file " + file + ": sizes that no file can have", e.getMessage());
  }

  @Test
  void open_wrappedCheckpoint_findsTheNetworkBesideOptimiserEntries() throws Exception {
    byte[] pickle =
        new PickleBytes()
            .dictStart()
            .text("epoch")
            .number(12)
            .text("loss")
            .tensor("FloatStorage", "9", 1, 0, new long[] {1}, new long[] {1})
            .text("optimizer")
            .dictStart()
            .text("exp_avg")
            .tensor("FloatStorage", "9", 1, 0, new long[] {1}, new long[] {1})
            .dictEnd()
            .text("model")
            .orderedDictStart()
            .text("module.fc.bias")
            .tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1})
            .dictEnd()
            .dictEnd()
            .stop();
    try (WeightsFile weights =
        WeightsFile.open(zip(pickle, Map.of("0", floats(8, 9), "9", floats(1))))) {
      CheckpointMatch match = CheckpointMatch.of(Map.of("fc.bias", List.of(2)), weights);
      assertArrayEquals(
          new float[] {8, 9}, match.orThrow("Test", weights).get("fc.bias").readFloats());
    }
  }

  @Test
  void match_missingExtraAndMisshapedKeys_areListedByName() throws Exception {
    try (WeightsFile weights = WeightsFile.open(zip(stateDict(), STORAGES))) {
      CheckpointMatch match =
          CheckpointMatch.of(
              Map.of("conv.weight", List.of(3, 3), "head.bias", List.of(4)), weights);
      EngineException e = assertThrows(EngineException.class, () -> match.orThrow("Test", weights));
      assertTrue(e.getMessage().contains("1 missing:\n    head.bias"), e.getMessage());
      assertTrue(
          e.getMessage().contains("conv.weight: wanted [3, 3], found [2, 3]"), e.getMessage());
      assertTrue(e.getMessage().contains("conv.tail"), e.getMessage());
    }
  }

  @Test
  void open_pickleThatNamesAnotherClass_isRefusedByName() throws Exception {
    List<byte[]> hostile = new ArrayList<>();
    hostile.add(new PickleBytes().global("posix", "system").text("id").op(0x85).op('R').stop());
    hostile.add(
        new PickleBytes().text("posix").text("system").op(0x93).text("id").op(0x85).op('R').stop());
    for (byte[] pickle : hostile) {
      EngineException e =
          assertThrows(
              EngineException.class, () -> WeightsFile.open(zip(pickle, Map.of())).close());
      assertTrue(e.getMessage().contains("posix.system"), e.getMessage());
    }
    for (int opcode : new int[] {'i', 'o', 0x81, 0x92, 0x82, 0x83, 0x84, 'P', 0x97}) {
      byte[] pickle = new PickleBytes().op('(').op(opcode).stop();
      EngineException e =
          assertThrows(
              EngineException.class, () -> WeightsFile.open(zip(pickle, Map.of())).close());
      assertTrue(
          e.getMessage().contains("0x%02x is not allowed".formatted(opcode)), e.getMessage());
    }
  }

  @Test
  void open_lyingSizes_areRefusedBeforeMemoryIsTaken() throws Exception {
    Map<String, byte[]> one = Map.of("0", floats(1));
    List<byte[]> hostile =
        List.of(
            // A string of two gigabytes in a pickle of a few bytes.
            new PickleBytes().op('X').int32(0x7ffffff0).stop(),
            // A tensor beyond its storage, by offset, by size, by stride; and one inflated by
            // stride 0.
            dict(new PickleBytes(), 1, 1, new long[] {1}, new long[] {1}),
            dict(new PickleBytes(), 1, 0, new long[] {2}, new long[] {1}),
            dict(new PickleBytes(), 1, 0, new long[] {2}, new long[] {9}),
            dict(new PickleBytes(), 1, 0, new long[] {1 << 30}, new long[] {0}),
            // A storage larger than its entry.
            dict(new PickleBytes(), 1 << 20, 0, new long[] {1}, new long[] {1}));
    for (byte[] pickle : hostile) {
      assertThrows(EngineException.class, () -> WeightsFile.open(zip(pickle, one)).close());
    }
  }

  private static byte[] dict(
      PickleBytes pickle, long elements, long offset, long[] size, long[] stride) {
    return pickle
        .dictStart()
        .text("w")
        .tensor("FloatStorage", "0", elements, offset, size, stride)
        .dictEnd()
        .stop();
  }

  @Test
  void open_randomDamage_neverThrowsAnythingButEngineException() throws Exception {
    byte[] good = stateDict();
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      byte[] bad = good.clone();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      Path file = zip(bad, STORAGES);
      try (WeightsFile weights = WeightsFile.open(file)) {
        for (WeightTensor tensor : weights.tensors().values()) {
          tensor.readFloats();
        }
      } catch (EngineException expected) {
        assertTrue(
            expected.getMessage().contains("checkpoint.pth")
                || expected.getMessage().contains("tensor"));
      }
    }
  }

  @Test
  void safetensors_writtenAndRead_givesTheSameValues() throws Exception {
    Path file = folder.resolve("w.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("a", List.of(2, 2), () -> new float[] {1, 2, 3, 4});
    writer.add("scalar", List.of(), () -> new float[] {-0.5f});
    writer.write(file, Map.of("format", "pt"));
    assertEquals(
        0,
        (8 + ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong())
            % 8);
    try (WeightsFile weights = WeightsFile.open(file)) {
      assertEquals("safetensors", weights.container());
      assertEquals(Map.of("format", "pt"), weights.metadata());
      assertArrayEquals(new float[] {1, 2, 3, 4}, values(weights, "a"));
      assertArrayEquals(new float[] {-0.5f}, values(weights, "scalar"));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Path cut =
          Files.write(folder.resolve("cut.safetensors"), java.util.Arrays.copyOf(whole, length));
      assertThrows(EngineException.class, () -> WeightsFile.open(cut).close());
    }
  }

  @Test
  void safetensors_wrongHeaders_areRefused() throws IOException {
    List<String> headers =
        List.of(
            "{\"a\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,9],\"data_offsets\":[0,4]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            "{\"a\":7}",
            "{\"a\"");
    for (String header : headers) {
      byte[] json = header.getBytes(StandardCharsets.UTF_8);
      Path file = folder.resolve("bad.safetensors");
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write(
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
        out.write(json);
        out.write(new byte[4]);
      }
      assertThrows(EngineException.class, () -> WeightsFile.open(file).close(), header);
    }
  }

  @Test
  void half_everyValue_roundTripsAndRoundsToEven() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = Half.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Half.fromFloat(value), () -> Float.toString(value));
      }
    }
    assertEquals(1.0f, Half.toFloat(Half.fromFloat(1.0f + 0x1p-11f)));
    assertEquals(1.0f + 0x1p-9f, Half.toFloat(Half.fromFloat(1.0f + 3 * 0x1p-11f)));
    assertEquals(Float.POSITIVE_INFINITY, Half.toFloat(Half.fromFloat(65520f)));
    assertEquals(65504f, Half.toFloat(Half.fromFloat(65519f)));
  }

  @Test
  void open_publishedPeerCheckpoints_haveTheDocumentedTensors() throws Exception {
    Path peers = Path.of(System.getProperty("nightfuse.root", ".."), "../shared/peers/weights");
    assumeTrue(Files.isDirectory(peers), "published weights are not here: " + peers);
    // Counts from the peers' specification: 72 and 228 tensors.
    try (WeightsFile weights = WeightsFile.open(peers.resolve("SeAFusion.pth"))) {
      assertEquals(72, weights.tensors().size());
      long learnable = 0;
      for (WeightTensor tensor : weights.tensors().values()) {
        for (float value : tensor.readFloats()) {
          assertTrue(Float.isFinite(value), tensor.toString());
        }
        if (tensor.dtype() == Dtype.FLOAT32 && !tensor.name().contains("running")) {
          learnable += tensor.elements();
        }
      }
      assertEquals(166_883, learnable);
    }
    try (WeightsFile weights = WeightsFile.open(peers.resolve("MFNet.pth"))) {
      assertEquals(228, weights.tensors().size());
    }
  }

  @Test
  void open_missingOrForeignFile_saysSo() throws IOException {
    EngineException missing =
        assertThrows(
            EngineException.class, () -> WeightsFile.open(folder.resolve("none.pth")).close());
    assertTrue(missing.getMessage().contains("none.pth"));
    Path text = Files.writeString(folder.resolve("text.pth"), "hello, this is not a checkpoint");
    EngineException foreign =
        assertThrows(EngineException.class, () -> WeightsFile.open(text).close());
    assertTrue(foreign.getMessage().contains("neither a PyTorch checkpoint"));
  }

  private static WeightTensor tensor(WeightsFile weights, String name) {
    WeightTensor tensor = weights.tensors().get(name);
    if (tensor == null) {
      throw new AssertionError("no tensor " + name);
    }
    return tensor;
  }

  private static float[] values(WeightsFile weights, String name) throws EngineException {
    return tensor(weights, name).readFloats();
  }
}
