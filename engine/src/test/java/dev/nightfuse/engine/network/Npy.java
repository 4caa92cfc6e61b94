package dev.nightfuse.engine.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads NumPy arrays (version 1, little-endian, C order) as floats, for golden vectors. */
public final class Npy {

  private Npy() {}

  public static float[] read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = bytes.getShort(8) & 0xffff;
    String header = new String(bytes.array(), 10, headerBytes, StandardCharsets.US_ASCII);
    ByteBuffer data =
        bytes
            .slice(10 + headerBytes, bytes.limit() - 10 - headerBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    if (header.contains("'<f4'")) {
      float[] values = new float[data.remaining() / 4];
      data.asFloatBuffer().get(values);
      return values;
    }
    if (header.contains("'|u1'")) {
      float[] values = new float[data.remaining()];
      for (int i = 0; i < values.length; i++) {
        values[i] = data.get(i) & 0xff;
      }
      return values;
    }
    if (header.contains("'<i8'")) {
      float[] values = new float[data.remaining() / 8];
      for (int i = 0; i < values.length; i++) {
        values[i] = data.getLong(8 * i);
      }
      return values;
    }
    throw new IOException(file + ": " + header);
  }
}
