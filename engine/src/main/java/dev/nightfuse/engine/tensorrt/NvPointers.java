package dev.nightfuse.engine.tensorrt;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.INoCopy;
import org.jspecify.annotations.Nullable;

/** Between addresses, as the driver gives them, and the presets' objects. */
final class NvPointers {

  private NvPointers() {}

  /** A preset's pointer to an address. */
  static final class Raw extends org.bytedeco.javacpp.Pointer {
    Raw(long value) {
      this.address = value;
    }
  }

  static CUstream_st stream(long handle) {
    return new CUstream_st(new Raw(handle));
  }

  /** The memory of a direct buffer, from its position 0. */
  static Raw of(ByteBuffer direct) {
    return new Raw(Pointer.nativeValue(Native.getDirectBufferPointer(direct.duplicate().rewind())));
  }

  static boolean isNull(org.bytedeco.javacpp.@Nullable Pointer object) {
    return object == null || object.isNull();
  }

  static Dims64 dims(long... sizes) {
    Dims64 dims = new Dims64();
    dims.nbDims(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      dims.d(i, sizes[i]);
    }
    return dims;
  }

  static long[] sizes(Dims64 dims) {
    long[] sizes = new long[Math.max(0, dims.nbDims())];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = dims.d(i);
    }
    return sizes;
  }

  /**
   * C++'s {@code delete}, which the presets do not offer: their objects leak. By the ABI of Linux
   * (Itanium C++) a class whose first virtual function is its destructor has the deleting one in
   * the second slot of its table; that is so for all classes derived from {@code INoCopy}.
   */
  static void delete(@Nullable INoCopy object) {
    if (object == null || object.isNull()) {
      return;
    }
    Pointer self = new Pointer(object.address());
    Pointer table = self.getPointer(0);
    Function.getFunction(table.getPointer(Native.POINTER_SIZE)).invokeVoid(new Object[] {self});
    object.setNull();
  }
}
