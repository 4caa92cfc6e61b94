package dev.nightfuse.engine.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes pickles opcode by opcode, the way torch.save does, so that tests can also write wrong
 * ones.
 */
final class PickleBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleBytes() {
    op(0x80).op(2);
  }

  PickleBytes op(int opcode) {
    out.write(opcode);
    return this;
  }

  PickleBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X');
    int32(utf8.length);
    return raw(utf8);
  }

  PickleBytes number(long value) {
    if (value != (int) value) {
      return op(0x8a)
          .op(Long.BYTES)
          .raw(
              ByteBuffer.allocate(Long.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putLong(value)
                  .array());
    }
    op('J');
    return int32((int) value);
  }

  PickleBytes int32(int value) {
    return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  PickleBytes global(String module, String name) {
    return raw(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  PickleBytes dictStart() {
    return op('}').op('(');
  }

  PickleBytes dictEnd() {
    return op('u');
  }

  /** {@code OrderedDict()} and the mark for its items. */
  PickleBytes orderedDictStart() {
    return global("collections", "OrderedDict").op(')').op('R').op('(');
  }

  PickleBytes tuple(long... values) {
    op('(');
    for (long value : values) {
      number(value);
    }
    return op('t');
  }

  PickleBytes tensor(
      String storageType, String key, long elements, long offset, long[] size, long[] stride) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    op('(')
        .text("storage")
        .global("torch", storageType)
        .text(key)
        .text("cpu")
        .number(elements)
        .op('t')
        .op('Q');
    number(offset).tuple(size).tuple(stride);
    op(0x89).orderedDictStart().op('u');
    return op('t').op('R');
  }

  byte[] stop() {
    return op('.').out.toByteArray();
  }
}
