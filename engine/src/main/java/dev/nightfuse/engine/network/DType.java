package dev.nightfuse.engine.network;

/** Element types a network uses. */
public enum DType {
  UINT8(1),
  INT8(1),
  INT32(4),
  FLOAT16(2),
  FLOAT32(4),
  INT64(8);

  private final int sizeBytes;

  DType(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  public int sizeBytes() {
    return sizeBytes;
  }
}
