package dev.nightfuse.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.mafs.Mafs;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostOpsTest {

  @Test
  void cost_convolutions_countWeightsBiasesAndMultiplyAdds() {
    CostOps ops = new CostOps();
    CostOps.Value x = ops.input(Shape.of(1, 8, 20, 30));
    CostOps.Value a = ops.conv(x, Conv.same(16, 3), "a");
    CostOps.Value b = ops.conv(a, Conv.same(16, 3).withGroups(16).withoutBias(), "b");
    CostOps.Value c = ops.conv(b, Conv.same(4, 3).withStride(2), "c");
    Cost cost = ops.cost(List.of(c));
    assertEquals(Shape.of(1, 4, 10, 15), c.shape());
    assertEquals(8 * 16 * 9 + 16 + 16 * 9 + 16 * 4 * 9 + 4, cost.parameters());
    assertEquals(600L * 8 * 16 * 9 + 600L * 16 * 9 + 150L * 16 * 4 * 9, cost.multiplyAdds());
  }

  @Test
  void cost_branchThatLeadsNowhere_isNotCounted() {
    CostOps ops = new CostOps();
    CostOps.Value x = ops.input(Shape.of(1, 4, 8, 8));
    CostOps.Value used = ops.conv(x, Conv.same(4, 1), "used");
    ops.conv(x, Conv.same(400, 5), "dead");
    Cost cost = ops.cost(List.of(used));
    assertEquals(20, cost.parameters());
    assertTrue(cost.steps().stream().noneMatch(step -> step.name().equals("dead")));
  }

  @Test
  void cost_sharedParameters_countOnceButWorkEachTime() {
    CostOps ops = new CostOps();
    CostOps.Value x = ops.input(Shape.of(1, 10, 64));
    CostOps.Value y = ops.linear(ops.linear(x, 64, true, "shared"), 64, true, "shared");
    Cost cost = ops.cost(List.of(y));
    assertEquals(64 * 64 + 64, cost.parameters());
    assertEquals(2 * 10 * 64 * 64, cost.multiplyAdds());
  }

  @Test
  void shapes_operandsThatDoNotFit_areRefusedWithTheirShapes() {
    CostOps ops = new CostOps();
    CostOps.Value x = ops.input(Shape.of(1, 3, 8, 8));
    CostOps.Value y = ops.input(Shape.of(1, 4, 8, 8));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> ops.add(x, y))
            .getMessage()
            .contains("[1,3,8,8] and [1,4,8,8]"));
    assertThrows(IllegalArgumentException.class, () -> ops.spaceToDepth(x, 3));
    assertThrows(IllegalArgumentException.class, () -> ops.reshape(x, 1, 3, 63));
    assertThrows(
        IllegalArgumentException.class, () -> ops.conv(x, Conv.same(4, 3).withGroups(2), "g"));
    assertThrows(IllegalArgumentException.class, () -> ops.slice(x, 1, 2, 4));
    assertThrows(IllegalArgumentException.class, () -> ops.permute(x, 0, 1, 1, 3));
  }

  /** The figures of specs/mafs.md section 8, which were measured on the released code. */
  @Test
  void cost_mafsFusion_hasTheParametersThatReachTheFusedPicture() {
    CostOps ops = new CostOps();
    CostOps.Value visible = ops.input(Shape.of(1, 3, 480, 640));
    CostOps.Value infrared = ops.input(Shape.of(1, 1, 480, 640));
    Cost cost = ops.cost(List.of(new Mafs(15).forward(ops, visible, infrared).fused()));
    assertEquals(1_559_065, cost.parameters());
    assertEquals(140.65, cost.multiplyAdds() / 1e9, 0.01);
  }
}
