package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.torch.Initialiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartWeightsTest {

  private static final Shape ONE = Shape.of(1);
  private static final Initialiser FRESH = (key, shape) -> new float[] {-1};

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("a.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("blocks.0", List.of(1), () -> new float[] {5});
    writer.add("head.0", List.of(1), () -> new float[] {6});
    writer.write(file, Map.of());
  }

  private static FirstWeights first(StartWeights start) throws Exception {
    return new FirstWeights(null, start, FRESH);
  }

  @Test
  void start_withPrefixAndKeys_takesThoseOnly() throws Exception {
    FirstWeights start = first(new StartWeights(file, List.of("m.blocks."), "m."));
    assertArrayEquals(new float[] {5}, start.values("m.blocks.0", ONE));
    assertArrayEquals(new float[] {-1}, start.values("m.head.0", ONE));
    assertArrayEquals(new float[] {-1}, start.values("m.blocks.1", ONE));
  }

  @Test
  void start_fromAnotherNetwork_isRefused() {
    StartWeights start = new StartWeights(file, List.of("m.blocks."), "");
    assertEquals(
        "start: %s has no key that begins with m.blocks., but such as blocks.0; see start-prefix"
            .formatted(file),
        assertThrows(TrainException.class, () -> first(start)).getMessage());
  }

  @Test
  void start_ofAnotherShape_isRefusedByName() throws Exception {
    FirstWeights start = first(new StartWeights(file, List.of(), ""));
    assertEquals(
        "start: %s: head.0 has 1 values, the network needs [2]; start-keys leaves it out"
            .formatted(file),
        assertThrows(TrainException.class, () -> start.values("head.0", Shape.of(2))).getMessage());
  }

  @Test
  void schedules_ofEveryShape_startAtTheirPeakAndEndWhereTheySay() {
    double[] ends = {0.01, 0, 0.01, 1};
    int i = 0;
    for (Schedule.Shape shape : Schedule.Shape.values()) {
      Schedule schedule = new Schedule(shape, 2, 10, 110);
      assertEquals(0.2, schedule.at(0), 1e-12);
      assertEquals(2, schedule.at(10), 1e-12);
      assertEquals(2 * ends[i++], schedule.at(110), 1e-12, shape.name());
    }
    // Half way: a tenth, for each half takes the same factor.
    assertEquals(0.2, new Schedule(Schedule.Shape.EXPONENTIAL, 2, 0, 100).at(50), 1e-12);
  }
}
