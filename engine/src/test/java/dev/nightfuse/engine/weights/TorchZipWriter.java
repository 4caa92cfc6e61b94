package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.EngineException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a training checkpoint as {@code torch.save} does: a zip archive of stored entries, each
 * one's content at a multiple of 64 bytes, with the pickle of the dictionaries first and a storage
 * for each tensor after it. The network is one entry among others: the optimiser's state, which
 * holds tensors too, and numbers.
 */
public final class TorchZipWriter implements AutoCloseable {

  private static final int ALIGNMENT = 64;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int EXTRA_HEADER_BYTES = 4;
  private static final int EXTRA_ID = 'F' | 'B' << 8;

  /** The optimiser keeps moments of this many parameters; enough to be in the way. */
  private static final int MOMENTS = 3;

  private final String folder;
  private final Counted file;
  private final ZipOutputStream zip;

  private TorchZipWriter(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    this.folder = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    this.file = new Counted(new BufferedOutputStream(Files.newOutputStream(path), 1 << 16));
    this.zip = new ZipOutputStream(file);
    zip.setMethod(ZipOutputStream.STORED);
  }

  /**
   * Writes a file.
   *
   * @param wrapper key of the network's entry
   * @param prefix in front of each tensor's name, such as {@code module.}
   */
  public static void write(Path path, String wrapper, String prefix, WeightsFile weights)
      throws IOException, EngineException {
    List<WeightTensor> tensors = List.copyOf(weights.tensors().values());
    try (TorchZipWriter writer = new TorchZipWriter(path)) {
      writer.entry("data.pkl", new CheckpointPickle().write(wrapper, prefix, tensors));
      writer.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      int key = 0;
      for (WeightTensor tensor : tensors) {
        writer.entry("data/" + key++, bytes(tensor.readFloats()));
      }
      for (WeightTensor tensor : moments(tensors)) {
        writer.entry("data/" + key++, bytes(new float[tensor.elements()]));
      }
      writer.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
      writer.entry(".data/serialization_id", "0".repeat(40).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** From safetensors to such a checkpoint: FROM TO WRAPPER PREFIX. */
  public static void main(String[] args) throws Exception {
    try (WeightsFile weights = WeightsFile.open(Path.of(args[0]))) {
      write(Path.of(args[1]), args[2], args[3], weights);
    }
  }

  private static List<WeightTensor> moments(List<WeightTensor> tensors) {
    return tensors.subList(0, Math.min(MOMENTS, tensors.size()));
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private void entry(String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(folder + "/" + name);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    int nameBytes = entry.getName().getBytes(StandardCharsets.UTF_8).length;
    long before = file.written + LOCAL_HEADER_BYTES + nameBytes + EXTRA_HEADER_BYTES;
    int padding = Math.floorMod(-before, ALIGNMENT);
    ByteBuffer extra =
        ByteBuffer.allocate(EXTRA_HEADER_BYTES + padding).order(ByteOrder.LITTLE_ENDIAN);
    extra.putShort((short) EXTRA_ID).putShort((short) padding);
    Arrays.fill(extra.array(), EXTRA_HEADER_BYTES, extra.capacity(), (byte) 'Z');
    entry.setExtra(extra.array());
    zip.putNextEntry(entry);
    if (file.written % ALIGNMENT != 0) {
      throw new IllegalStateException(name + " begins at byte " + file.written);
    }
    zip.write(content);
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private static final class Counted extends FilterOutputStream {
    private long written;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      written++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      written += length;
    }
  }

  /** {@code {epoch, optimizer, WRAPPER: OrderedDict}}, with Python's memo for what comes again. */
  private static final class CheckpointPickle {

    private static final int MARK = '(';
    private static final int TUPLE = 't';
    private static final int BINFLOAT = 'G';

    private final PickleBytes out = new PickleBytes();
    private final Map<String, Integer> memo = new HashMap<>();

    byte[] write(String wrapper, String prefix, List<WeightTensor> tensors) {
      out.dictStart();
      out.text("epoch").number(80);
      out.text("optimizer");
      optimizer(tensors);
      out.text(wrapper);
      orderedDict();
      out.op(MARK);
      for (int key = 0; key < tensors.size(); key++) {
        out.text(prefix + tensors.get(key).name());
        tensor(tensors.get(key), key);
      }
      out.dictEnd();
      metadata();
      return out.dictEnd().stop();
    }

    /** The version numbers that a module's state dict carries as the dictionary's own state. */
    private void metadata() {
      out.dictStart().text("_metadata");
      orderedDict();
      out.op(MARK).text("").dictStart().text("version").number(1).dictEnd().dictEnd();
      out.dictEnd().op('b');
    }

    private void optimizer(List<WeightTensor> tensors) {
      out.dictStart().text("state").dictStart();
      for (int i = 0; i < moments(tensors).size(); i++) {
        out.number(i).dictStart().text("step").number(1_000).text("exp_avg");
        tensor(tensors.get(i), tensors.size() + i);
        out.dictEnd();
      }
      out.dictEnd().text("param_groups").op(']').op(MARK).dictStart();
      out.text("lr").op(BINFLOAT).raw(ByteBuffer.allocate(8).putDouble(1e-4).array());
      out.text("amsgrad").op(0x89).text("foreach").op('N');
      out.text("params").op(']').op(MARK);
      for (int i = 0; i < tensors.size(); i++) {
        out.number(i);
      }
      out.op('e').dictEnd().op('e').dictEnd();
    }

    private void tensor(WeightTensor tensor, int key) {
      long[] size = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
      global("torch._utils", "_rebuild_tensor_v2");
      out.op(MARK).op(MARK);
      text("storage");
      global("torch", "FloatStorage");
      out.text(Integer.toString(key));
      text("cuda:0");
      out.number(tensor.elements()).op(TUPLE).op('Q');
      out.number(0).tuple(size).tuple(WeightTensor.contiguousStrides(tensor.shape()));
      out.op(0x89);
      orderedDict();
      out.op(TUPLE).op('R');
    }

    private void orderedDict() {
      global("collections", "OrderedDict");
      out.op(')').op('R');
    }

    private void global(String module, String name) {
      if (!recalled(module + " " + name)) {
        out.global(module, name);
        remember(module + " " + name);
      }
    }

    private void text(String text) {
      if (!recalled(text)) {
        out.text(text);
        remember(text);
      }
    }

    private boolean recalled(String what) {
      Integer slot = memo.get(what);
      if (slot != null) {
        out.op('h').op(slot);
      }
      return slot != null;
    }

    private void remember(String what) {
      out.op('q').op(memo.size());
      memo.put(what, memo.size());
    }
  }
}
