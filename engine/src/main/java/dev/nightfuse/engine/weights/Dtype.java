package dev.nightfuse.engine.weights;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Element types of stored tensors, little-endian. */
public enum Dtype {
  FLOAT32("F32", "FloatStorage", 4),
  FLOAT64("F64", "DoubleStorage", 8),
  FLOAT16("F16", "HalfStorage", 2),
  BFLOAT16("BF16", "BFloat16Storage", 2),
  INT64("I64", "LongStorage", 8),
  INT32("I32", "IntStorage", 4),
  INT16("I16", "ShortStorage", 2),
  INT8("I8", "CharStorage", 1),
  UINT8("U8", "ByteStorage", 1),
  BOOL("BOOL", "BoolStorage", 1);

  private final String safetensorsName;
  private final String torchStorage;
  private final int sizeBytes;

  Dtype(String safetensorsName, String torchStorage, int sizeBytes) {
    this.safetensorsName = safetensorsName;
    this.torchStorage = torchStorage;
    this.sizeBytes = sizeBytes;
  }

  public String safetensorsName() {
    return safetensorsName;
  }

  public int sizeBytes() {
    return sizeBytes;
  }

  static Optional<Dtype> bySafetensorsName(String name) {
    for (Dtype dtype : values()) {
      if (dtype.safetensorsName.equals(name)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  static Optional<Dtype> byTorchStorage(String name) {
    for (Dtype dtype : values()) {
      if (dtype.torchStorage.equals(name)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  /**
   * Element {@code index} of little-endian {@code data} as a float; 64-bit values are rounded once.
   */
  float toFloat(ByteBuffer data, long index) {
    int at = Math.toIntExact(index * sizeBytes);
    return switch (this) {
      case FLOAT32 -> data.getFloat(at);
      case FLOAT64 -> (float) data.getDouble(at);
      case FLOAT16 -> Half.toFloat(data.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(at) << 16);
      case INT64 -> (float) data.getLong(at);
      case INT32 -> (float) data.getInt(at);
      case INT16 -> data.getShort(at);
      case INT8 -> data.get(at);
      case UINT8 -> data.get(at) & 0xff;
      case BOOL -> data.get(at) == 0 ? 0f : 1f;
    };
  }
}
