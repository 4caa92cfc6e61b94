package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightfuse.engine.tensorrt.BuildReply.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BuildProtocolTest {

  @Test
  void order_throughLines_isTheSame() throws IOException {
    BuildOrder order =
        new BuildOrder(
            Path.of("/models/night = net/model.onnx"),
            Path.of("/cache/a b.plan"),
            Path.of("/cache/timing"),
            1,
            Path.of("/lib/libnvinfer.so.10"),
            Path.of("/lib/libnvonnxparser.so.10"),
            Path.of("/cache/natives"),
            List.of(
                new BuildOrder.Input("visible_y", 640, 480),
                new BuildOrder.Input("visible_u", 320, 240)),
            List.of(new PlanShape.Range(1, 1), new PlanShape.Range(2, 8)));
    List<String> lines = order.lines();

    assertEquals("", lines.get(lines.size() - 1));
    assertEquals(order, BuildOrder.parse(lines.subList(0, lines.size() - 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gibberish", "onnx=/a", "input=visible_y 3", "gpu=one"})
  void order_damaged_isRefused(String line) {
    assertThrows(IOException.class, () -> BuildOrder.parse(List.of(line)));
  }

  @Test
  void reply_throughALine_isTheSameOnOneLine() {
    assertEquals(
        new BuildReply(Kind.FAILED, 0, "no kernel for Conv_7"),
        BuildReply.parse(new BuildReply(Kind.FAILED, 0, "no kernel\n  for Conv_7 ").line()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[TRT] loading", "@nf", "@nf STEP", "@nf STEP x y", "@nf DANCE 1 x", " @nf"})
  void reply_otherOutput_isNone(String line) {
    assertNull(BuildReply.parse(line));
  }

  @Test
  void progress_nestedPhases_risesFromZeroToOne() {
    BuildProgress progress = new BuildProgress();
    progress.accept(new BuildReply(Kind.PHASE, 4, "Building Engine"));
    assertEquals(0, progress.fraction());
    progress.accept(new BuildReply(Kind.STEP, 0, "Building Engine"));
    assertEquals(0.25, progress.fraction());
    progress.accept(new BuildReply(Kind.PHASE, 10, "Tactic Selection"));
    assertEquals("Tactic Selection", progress.phase());
    progress.accept(new BuildReply(Kind.STEP, 4, "Tactic Selection"));
    assertEquals(0.375, progress.fraction(), 1e-9);
    progress.accept(new BuildReply(Kind.END, 0, "Tactic Selection"));
    assertEquals(0.375, progress.fraction(), 1e-9, "never falls");
    progress.accept(new BuildReply(Kind.STEP, 1, "Building Engine"));
    assertEquals(0.5, progress.fraction());
    progress.accept(new BuildReply(Kind.DONE, 0, ""));
    assertEquals(1, progress.fraction());
  }

  @Test
  void progress_stepsOfUnknownPhasesAndBeyondTheEnd_areHarmless() {
    BuildProgress progress = new BuildProgress();
    progress.accept(new BuildReply(Kind.STEP, 3, "never begun"));
    progress.accept(new BuildReply(Kind.END, 0, "never begun"));
    progress.accept(new BuildReply(Kind.PHASE, 0, "empty"));
    progress.accept(new BuildReply(Kind.STEP, 9, "empty"));

    assertEquals(1, progress.fraction());
  }
}
