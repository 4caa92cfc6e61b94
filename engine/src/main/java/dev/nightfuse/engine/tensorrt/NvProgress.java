package dev.nightfuse.engine.tensorrt;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import org.bytedeco.tensorrt.nvinfer.IProgressMonitor;

/**
 * TensorRT's {@code IProgressMonitor}, which the presets cannot derive from: an object of C++ made
 * by hand. Its table, in the order of TensorRT 10's declarations: language, interface, both
 * destructors, phase start, step, phase end. Called on TensorRT's threads; must stay reachable
 * while it builds.
 */
final class NvProgress {

  /** Hears of nested phases. */
  interface Listener {
    void phaseStart(String phase, String parent, int steps);

    /** Whether to go on. */
    boolean stepComplete(String phase, int step);

    void phaseFinish(String phase);
  }

  /** {@code nvinfer1::InterfaceInfo}; returned in registers. */
  @Structure.FieldOrder({"kind", "major", "minor"})
  public static final class InterfaceInfo extends Structure implements Structure.ByValue {
    public Pointer kind = Pointer.NULL;
    public int major = 1;
    public int minor = 0;
  }

  /** {@code getAPILanguage}: C++. */
  interface Language extends Callback {
    int call(Pointer self);
  }

  /** {@code getInterfaceInfo}. */
  interface Interface extends Callback {
    InterfaceInfo call(Pointer self);
  }

  /** Both destructors. */
  interface Destructor extends Callback {
    void call(Pointer self);
  }

  /** {@code phaseStart}. */
  interface Start extends Callback {
    void call(Pointer self, Pointer phase, Pointer parent, int steps);
  }

  /** {@code stepComplete}: a C++ bool, of which only the lowest byte counts. */
  interface Step extends Callback {
    byte call(Pointer self, Pointer phase, int step);
  }

  /** {@code phaseFinish}. */
  interface Finish extends Callback {
    void call(Pointer self, Pointer phase);
  }

  private static final int SLOTS = 7;

  private final Callback[] functions;
  private final Memory kind = new Memory(32);
  private final InterfaceInfo identity = new InterfaceInfo();
  private final Memory table = new Memory((long) SLOTS * Native.POINTER_SIZE);
  private final Memory object = new Memory(Native.POINTER_SIZE);

  NvProgress(Listener listener) {
    kind.setString(0, "IProgressMonitor");
    Language language = self -> 0;
    identity.kind = kind;
    identity.write();
    Interface describe = self -> identity;
    // Java frees the memory; TensorRT never owns a monitor.
    Destructor destroy = self -> {};
    Start start =
        (self, phase, parent, steps) -> listener.phaseStart(text(phase), text(parent), steps);
    Step step =
        (self, phase, number) -> (byte) (listener.stepComplete(text(phase), number) ? 1 : 0);
    Finish finish = (self, phase) -> listener.phaseFinish(text(phase));
    functions = new Callback[] {language, describe, destroy, destroy, start, step, finish};
    for (int i = 0; i < SLOTS; i++) {
      table.setPointer(
          (long) i * Native.POINTER_SIZE, CallbackReference.getFunctionPointer(functions[i]));
    }
    object.setPointer(0, table);
  }

  /** The object as TensorRT takes it. */
  IProgressMonitor monitor() {
    return new IProgressMonitor(new NvPointers.Raw(Pointer.nativeValue(object)));
  }

  /** Address of the object, for a test that calls it as C++ would. */
  Pointer address() {
    return object;
  }

  private static String text(Pointer characters) {
    return Pointer.nativeValue(characters) == 0 ? "" : characters.getString(0);
  }
}
