package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file of named tensors: a PyTorch checkpoint (zip or legacy) or safetensors, told apart by
 * content.
 *
 * <p>Only the description is read on opening; values are read tensor by tensor. Not safe for
 * several threads. Tensors must not be read after {@link #close()}.
 */
public interface WeightsFile extends AutoCloseable {

  Path file();

  /**
   * The container, for messages: {@code PyTorch (zip)}, {@code PyTorch (legacy)}, {@code
   * safetensors}.
   */
  String container();

  /** Tensors by key, in no particular order: the pickle library does not keep it. */
  Map<String, WeightTensor> tensors();

  /** What the file says of itself; only safetensors can. */
  default Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  void close() throws IOException;

  /**
   * Opens a file.
   *
   * @throws EngineException when the file is missing, truncated, of no known kind, or names
   *     anything but tensors; the message names the file and what is wrong with it
   */
  static WeightsFile open(Path file) throws EngineException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(16);
    } catch (IOException e) {
      throw new EngineException("weights file " + file + " cannot be read: " + e.getMessage(), e);
    }
    try {
      if (startsWith(head, 'P', 'K', 3, 4)) {
        return TorchZipFile.open(file);
      }
      if (startsWith(head, 0x80, 2, 0x8a, 0x0a)) {
        return TorchLegacyFile.open(file);
      }
      if (head.length >= 9 && head[8] == '{') {
        return SafetensorsFile.open(file);
      }
    } catch (IOException e) {
      throw new EngineException("weights file " + file + ": " + e.getMessage(), e);
    } catch (ArithmeticException e) {
      throw new EngineException("weights file " + file + ": sizes that no file can have", e);
    }
    throw new EngineException(
        "weights file " + file + ": neither a PyTorch checkpoint (.pth, .pt) nor safetensors");
  }

  private static boolean startsWith(byte[] head, int... expected) {
    if (head.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((head[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
