package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls the hand-made C++ object through its table, as TensorRT does. */
final class NvProgressTest {

  private final List<String> heard = new ArrayList<>();
  private final NvProgress progress =
      new NvProgress(
          new NvProgress.Listener() {
            @Override
            public void phaseStart(String phase, String parent, int steps) {
              heard.add("start %s in %s, %d".formatted(phase, parent, steps));
            }

            @Override
            public boolean stepComplete(String phase, int step) {
              heard.add("step %d of %s".formatted(step, phase));
              return step < 2;
            }

            @Override
            public void phaseFinish(String phase) {
              heard.add("finish " + phase);
            }
          });

  private Function slot(int index) {
    return Function.getFunction(
        progress.address().getPointer(0).getPointer((long) index * Native.POINTER_SIZE));
  }

  private static Memory text(String value) {
    Memory memory = new Memory(value.length() + 1L);
    memory.setString(0, value);
    return memory;
  }

  @Test
  void calls_throughTheTable_reachTheListener() {
    Pointer self = progress.address();
    Memory phase = text("Tactic Selection");
    slot(4).invokeVoid(new Object[] {self, phase, text("Building"), 7});
    slot(4).invokeVoid(new Object[] {self, phase, Pointer.NULL, 7});
    int goOn = slot(5).invokeInt(new Object[] {self, phase, 1});
    int stop = slot(5).invokeInt(new Object[] {self, phase, 2});
    slot(6).invokeVoid(new Object[] {self, phase});

    assertEquals(
        List.of(
            "start Tactic Selection in Building, 7",
            "start Tactic Selection in , 7",
            "step 1 of Tactic Selection",
            "step 2 of Tactic Selection",
            "finish Tactic Selection"),
        heard);
    // A C++ bool is one byte; the rest of the register is anybody's.
    assertEquals(1, goOn & 0xff);
    assertEquals(0, stop & 0xff);
  }

  @Test
  void identity_throughTheTable_isThatOfAProgressMonitor() {
    assertEquals(0, slot(0).invokeInt(new Object[] {progress.address()}));
    NvProgress.InterfaceInfo info =
        (NvProgress.InterfaceInfo)
            slot(1).invoke(NvProgress.InterfaceInfo.class, new Object[] {progress.address()});
    assertEquals("IProgressMonitor", info.kind.getString(0));
    assertEquals(1, info.major);
    assertEquals(0, info.minor);
    slot(2).invokeVoid(new Object[] {progress.address()});
    slot(3).invokeVoid(new Object[] {progress.address()});
  }
}
