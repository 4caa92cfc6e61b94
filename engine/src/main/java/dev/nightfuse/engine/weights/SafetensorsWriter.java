package dev.nightfuse.engine.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes 32-bit float tensors as safetensors. The file appears whole or not at all. Not safe for
 * several threads.
 */
public final class SafetensorsWriter {

  private record Entry(String name, List<Integer> shape, Supplier<float[]> values) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Adds a tensor; its values, row-major, are asked for once, when they are written. */
  public void add(String name, List<Integer> shape, Supplier<float[]> values) {
    entries.add(new Entry(name, List.copyOf(shape), values));
  }

  /** Writes all tensors in the order they were added. */
  public void write(Path file, Map<String, String> metadata) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try (FileChannel out =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        byte[] header = header(metadata);
        ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        writeAll(out, head.putLong(header.length).put(header).flip());
        for (Entry entry : entries) {
          writeAll(out, bytes(entry));
        }
        out.force(true);
      }
      try {
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static ByteBuffer bytes(Entry entry) {
    float[] values = entry.values().get();
    int elements = entry.shape().stream().reduce(1, Math::multiplyExact);
    if (values.length != elements) {
      throw new IllegalArgumentException(
          "tensor \"%s\": %d values for shape %s"
              .formatted(entry.name(), values.length, entry.shape()));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, 4)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private byte[] header(Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (Entry entry : entries) {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", Dtype.FLOAT32.safetensorsName());
        json.writeArrayFieldStart("shape");
        long sizeBytes = 4;
        for (int side : entry.shape()) {
          json.writeNumber(side);
          sizeBytes *= side;
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(at);
        json.writeNumber(at + sizeBytes);
        json.writeEndArray();
        json.writeEndObject();
        at += sizeBytes;
      }
      json.writeEndObject();
    }
    // Values start at a multiple of eight bytes; the format pads with spaces.
    while (bytes.size() % 8 != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }
}
