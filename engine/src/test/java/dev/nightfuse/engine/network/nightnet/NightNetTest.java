package dev.nightfuse.engine.network.nightnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.CostOps;
import dev.nightfuse.engine.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** NightNet's size, shapes and the pictures it takes. */
final class NightNetTest {

  @Test
  void cost_atVga_isWhatTheModelCardSays() {
    Cost small = cost(NightNet.SMALL, 480, 640);
    Cost medium = cost(NightNet.MEDIUM, 480, 640);
    assertEquals(0.419, small.multiplyAdds() / 1e9, 0.001);
    assertEquals(1.055, medium.multiplyAdds() / 1e9, 0.001);
    // FP32 files stay well below 8 MB.
    assertTrue(small.parameters() < 400_000, "small: " + small.parameters());
    assertTrue(medium.parameters() < 800_000, "medium: " + medium.parameters());
  }

  @Test
  void forward_anyMultipleOf32_givesLumaAtFullSizeAndClassesAtHalf() {
    CostOps ops = new CostOps();
    NightNet.Output<CostOps.Value> out = forward(ops, NightNet.SMALL, 96, 160);
    assertEquals(Shape.of(2, 1, 96, 160), ops.shape(out.fused()));
    assertEquals(Shape.of(2, 9, 48, 80), ops.shape(out.logits()));
  }

  @Test
  void forward_sizeThatDoesNotDivide_isRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> forward(new CostOps(), NightNet.SMALL, 480, 656))
            .getMessage();
    assertEquals("NightNet at 656x480: width and height must be multiples of 32", message);
  }

  private static Cost cost(NightNet network, int height, int width) {
    CostOps ops = new CostOps();
    NightNet.Output<CostOps.Value> out =
        network.forward(
            ops,
            ops.input(Shape.of(1, 1, height, width)),
            ops.input(Shape.of(1, 1, height / 2, width / 2)),
            ops.input(Shape.of(1, 1, height / 2, width / 2)),
            ops.input(Shape.of(1, 1, height, width)),
            9);
    return ops.cost(List.of(out.fused(), out.logits()));
  }

  private static NightNet.Output<CostOps.Value> forward(
      CostOps ops, NightNet network, int height, int width) {
    return network.forward(
        ops,
        ops.input(Shape.of(2, 1, height, width)),
        ops.input(Shape.of(2, 1, height / 2, width / 2)),
        ops.input(Shape.of(2, 1, height / 2, width / 2)),
        ops.input(Shape.of(2, 1, height, width)),
        9);
  }
}
