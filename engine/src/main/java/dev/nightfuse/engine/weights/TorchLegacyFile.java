package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.weights.TorchUnpickler.Pickle;
import dev.nightfuse.engine.weights.TorchUnpickler.StorageRef;
import dev.nightfuse.engine.weights.TorchUnpickler.TensorRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The container that {@code torch.save} wrote before version 1.6: five pickles (magic number,
 * protocol, system, state, storage keys), then the storages in the order of the keys, each with its
 * element count before it.
 */
final class TorchLegacyFile implements WeightsFile {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  /** The pickles of a network are some hundred kilobytes; what follows is storages. */
  private static final long MAX_HEAD_BYTES = 64L << 20;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, WeightTensor> tensors;

  private TorchLegacyFile(Path file, FileChannel channel, Map<String, WeightTensor> tensors) {
    this.file = file;
    this.channel = channel;
    this.tensors = tensors;
  }

  static TorchLegacyFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new TorchLegacyFile(file, channel, readHead(channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Map<String, WeightTensor> readHead(FileChannel channel) throws IOException {
    int headBytes = (int) Math.min(channel.size(), MAX_HEAD_BYTES);
    ByteArrayInputStream in =
        new ByteArrayInputStream(FileBytes.read(channel, 0, headBytes).array());
    if (!MAGIC.equals(TorchUnpickler.read(in, "magic number").value())) {
      throw new MalformedWeightsException("not a PyTorch checkpoint: wrong magic number");
    }
    if (!(TorchUnpickler.read(in, "protocol").value() instanceof Number protocol)
        || protocol.longValue() != PROTOCOL) {
      throw new MalformedWeightsException("unknown PyTorch container protocol; 1001 is known");
    }
    if (TorchUnpickler.read(in, "system").value() instanceof Map<?, ?> system
        && Boolean.FALSE.equals(system.get("little_endian"))) {
      throw new MalformedWeightsException(
          "big-endian checkpoint; save it again on a little-endian machine");
    }
    Pickle state = TorchUnpickler.read(in, "state");
    if (!(TorchUnpickler.read(in, "storage keys").value() instanceof List<?> keys)) {
      throw new MalformedWeightsException("damaged file: no list of storages");
    }
    Map<String, Long> starts = new HashMap<>();
    Map<String, WeightTensor> tensors =
        StateDict.tensors(
            state.value(),
            ref -> (first, elements) -> readStorage(channel, starts, ref, first, elements),
            "state");
    long at = (long) headBytes - in.available();
    for (Object key : keys) {
      long elements = FileBytes.read(channel, at, 8).getLong();
      StorageRef storage = state.storages().get(String.valueOf(key));
      if (storage == null) {
        throw new MalformedWeightsException("storage \"" + key + "\" belongs to no tensor");
      }
      if (elements != storage.elements()) {
        throw new MalformedWeightsException(
            "storage \"%s\" has %d elements, its tensors say %d"
                .formatted(key, elements, storage.elements()));
      }
      starts.put(String.valueOf(key), at + 8);
      at = Math.addExact(at + 8, Math.multiplyExact(elements, storage.dtype().sizeBytes()));
    }
    if (at > channel.size()) {
      throw new MalformedWeightsException(
          "truncated file: %d bytes expected, %d there".formatted(at, channel.size()));
    }
    for (String key : state.storages().keySet()) {
      if (!starts.containsKey(key)) {
        throw new MalformedWeightsException("storage \"" + key + "\" is missing from the file");
      }
    }
    return tensors;
  }

  private static java.nio.ByteBuffer readStorage(
      FileChannel channel, Map<String, Long> starts, TensorRef ref, long first, long elements)
      throws IOException {
    Long start = starts.get(ref.storage().key());
    if (start == null) {
      throw new MalformedWeightsException(
          "storage \"" + ref.storage().key() + "\" is missing from the file");
    }
    long size = ref.storage().dtype().sizeBytes();
    return FileBytes.read(channel, start + first * size, elements * size);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String container() {
    return "PyTorch (legacy)";
  }

  @Override
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
