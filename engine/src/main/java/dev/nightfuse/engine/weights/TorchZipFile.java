package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.weights.TorchUnpickler.Pickle;
import dev.nightfuse.engine.weights.TorchUnpickler.StorageRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The container that {@code torch.save} writes since version 1.6: a zip archive with one folder
 * that holds {@code data.pkl} and one entry {@code data/KEY} for each storage, uncompressed.
 */
final class TorchZipFile implements WeightsFile {

  private static final long MAX_PICKLE_BYTES = 64L << 20;

  private final Path file;
  private final ZipFile zip;
  private final String folder;
  private final Map<String, WeightTensor> tensors;

  private TorchZipFile(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    ZipEntry pickleEntry =
        zip.stream()
            .filter(e -> e.getName().endsWith("/data.pkl") || e.getName().equals("data.pkl"))
            .findFirst()
            .orElseThrow(
                () ->
                    new MalformedWeightsException(
                        "a zip archive without data.pkl: not a PyTorch checkpoint"));
    this.folder =
        pickleEntry.getName().substring(0, pickleEntry.getName().length() - "data.pkl".length());
    if (pickleEntry.getSize() < 0 || pickleEntry.getSize() > MAX_PICKLE_BYTES) {
      throw new MalformedWeightsException(
          "data.pkl has %d bytes; a checkpoint of tensors has at most %d"
              .formatted(pickleEntry.getSize(), MAX_PICKLE_BYTES));
    }
    ZipEntry order = zip.getEntry(folder + "byteorder");
    if (order != null
        && !new String(read(order, 0, order.getSize()).array(), StandardCharsets.US_ASCII)
            .equals("little")) {
      throw new MalformedWeightsException(
          "big-endian checkpoint; save it again on a little-endian machine");
    }
    byte[] pickleBytes = read(pickleEntry, 0, pickleEntry.getSize()).array();
    Pickle pickle = TorchUnpickler.read(new ByteArrayInputStream(pickleBytes), "data.pkl");
    for (StorageRef storage : pickle.storages().values()) {
      entry(storage);
    }
    this.tensors =
        StateDict.tensors(
            pickle.value(),
            ref ->
                (first, elements) -> {
                  long size = ref.storage().dtype().sizeBytes();
                  return read(entry(ref.storage()), first * size, elements * size);
                },
            "data.pkl");
  }

  static TorchZipFile open(Path file) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (IOException e) {
      throw new MalformedWeightsException(
          "damaged or truncated zip archive (" + e.getMessage() + ")", e);
    }
    try {
      return new TorchZipFile(file, zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private ZipEntry entry(StorageRef storage) throws MalformedWeightsException {
    ZipEntry entry = zip.getEntry(folder + "data/" + storage.key());
    if (entry == null) {
      throw new MalformedWeightsException(
          "storage \"" + storage.key() + "\" is missing from the archive");
    }
    long expected = Math.multiplyExact(storage.elements(), storage.dtype().sizeBytes());
    if (entry.getSize() < expected) {
      throw new MalformedWeightsException(
          "storage \"%s\": %d bytes expected, %d there"
              .formatted(storage.key(), expected, entry.getSize()));
    }
    return entry;
  }

  private ByteBuffer read(ZipEntry entry, long from, long length) throws IOException {
    if (from < 0 || length < 0 || length > Integer.MAX_VALUE - 8) {
      throw new MalformedWeightsException(entry.getName() + ": " + length + " bytes are too many");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      in.skipNBytes(from);
      byte[] bytes = in.readNBytes((int) length);
      if (bytes.length < length) {
        throw new MalformedWeightsException(entry.getName() + ": truncated");
      }
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String container() {
    return "PyTorch (zip)";
  }

  @Override
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
