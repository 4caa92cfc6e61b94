package dev.nightfuse.training.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.PadMode;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.engine.network.peers.SeAFusion;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained is what is deployed: one description, run by libtorch and by ONNX Runtime. */
final class TorchOpsParityTest {

  private static final double TOLERANCE = 1e-4;

  @TempDir private Path folder;

  private interface Description {
    <T> T forward(Ops<T> ops, T visible, T infrared);
  }

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  @Test
  void seAFusion_torchAndOrt_agree() throws Exception {
    check(
        1,
        32,
        new Description() {
          @Override
          public <T> T forward(Ops<T> ops, T visible, T infrared) {
            return new SeAFusion().forward(ops, visible, infrared);
          }
        });
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void precision_bfloat16_coarsensWhatIsTrainedAndNothingElse() throws Exception {
    try (PointerScope scope = new PointerScope();
        TorchParameters parameters =
            new TorchParameters((key, shape) -> values(shape), TorchDevice.CPU)) {
      Tensor x = TorchDevice.CPU.tensor(values(Shape.of(1, 4, 8, 8)), Shape.of(1, 4, 8, 8));
      Conv conv = Conv.same(6, 3);
      float[] exact = TorchDevice.floats(new TorchOps(parameters, true).conv(x, conv, "c"));
      parameters.computeIn(Precision.BFLOAT16);
      Tensor trained = new TorchOps(parameters, true).conv(x, conv, "c");
      assertArrayEquals(exact, TorchDevice.floats(trained), 0.05f);
      assertFalse(Arrays.equals(exact, TorchDevice.floats(trained)), "that is not coarse");
      assertArrayEquals(
          exact, TorchDevice.floats(new TorchOps(parameters, false).conv(x, conv, "c")));
      trained.sum().backward();
      float[] slope = TorchDevice.floats(parameters.trainable().get(0).tensor().grad());
      assertEquals(4 * 6 * 9, slope.length, "gradients reach parameters of 32 bits");
    }
  }

  private static float[] values(Shape shape) {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  @Test
  void mfNet_torchAndOrt_agree() throws Exception {
    check(
        3,
        32,
        new Description() {
          @Override
          public <T> T forward(Ops<T> ops, T visible, T infrared) {
            return new MfNet().forward(ops, visible, infrared);
          }
        });
  }

  @Test
  void mafsFusion_torchAndOrt_agree() throws Exception {
    check(
        3,
        32,
        new Description() {
          @Override
          public <T> T forward(Ops<T> ops, T visible, T infrared) {
            return Mafs.fuse(ops, visible, infrared);
          }
        });
  }

  /** Operations whose conventions differ between frameworks, and those the networks do not use. */
  @Test
  void operations_ofDisputedConventions_agree() throws Exception {
    check(
        4,
        8,
        new Description() {
          @Override
          public <T> T forward(Ops<T> ops, T visible, T infrared) {
            T x = ops.spaceToDepth(visible, 2);
            x = ops.depthToSpace(ops.conv(x, Conv.same(16, 3), "a"), 2);
            x = ops.add(x, ops.averagePool(x, Pool.moving(3)));
            x = ops.add(x, ops.maxPool(x, new Pool(3, 1, 1)));
            T small = ops.resize(x, 5, 3, Interpolation.BILINEAR);
            T even = ops.resize(x, 4, 4, Interpolation.NEAREST);
            x = ops.add(x, ops.resize(small, 8, 8, Interpolation.BILINEAR_ALIGNED));
            x = ops.add(x, ops.resize(even, 8, 8, Interpolation.BICUBIC));
            x = ops.slice(ops.pad(x, 1, 2, 3, 4, PadMode.EDGE), 2, 2, 10);
            x = ops.slice(ops.pad(x, 2, 1, 0, 0, PadMode.REFLECT), 3, 1, 9);
            x = ops.groupNorm(x, 2, 1e-5, "group");
            x = ops.prelu(ops.instanceNorm(x, 1e-5, "instance"), 4, "prelu");
            x = ops.mul(ops.clip(x, -1, 1), ops.sigmoid(ops.maximum(x, 1)));
            T tokens = ops.permute(ops.reshape(x, 1, 4, 80), 0, 2, 1);
            tokens = ops.layerNorm(ops.linear(tokens, 6, true, "linear"), 1e-6, "layer");
            T attention = ops.softmax(ops.matmul(tokens, ops.permute(tokens, 0, 2, 1)), -1);
            tokens = ops.gelu(ops.matmul(attention, tokens));
            return ops.concat(1, List.of(ops.mean(tokens, 2), ops.tanh(ops.sum(tokens, 2))));
          }
        });
  }

  @SuppressWarnings("try") // the scope is there to be closed
  private void check(int channels, int side, Description description) throws Exception {
    Shape visibleShape = Shape.of(1, channels, side, side);
    Shape infraredShape = Shape.of(1, 1, side, side);
    float[] visible = noise(visibleShape, 1);
    float[] infrared = noise(infraredShape, 2);
    try (TorchParameters parameters = new TorchParameters(uneven(), TorchDevice.CPU);
        PointerScope scope = new PointerScope()) {
      Tensor result =
          description.forward(
              new TorchOps(parameters, false),
              TorchDevice.CPU.tensor(visible, visibleShape),
              TorchDevice.CPU.tensor(infrared, infraredShape));
      float[] torch = TorchDevice.floats(result);
      OnnxOps ops = new OnnxOps(parameters.store());
      OnnxValue v = ops.input("visible", DType.FLOAT32, visibleShape);
      OnnxValue i = ops.input("infrared", DType.FLOAT32, infraredShape);
      ops.output("result", description.forward(ops, v, i));
      float[] ort =
          OrtRun.run(
                  ops,
                  folder,
                  Map.of("visible", visible, "infrared", infrared),
                  Map.of("visible", visibleShape, "infrared", infraredShape))
              .get("result");
      assertEquals(ort.length, torch.length);
      double worst = 0;
      double spread = 0;
      for (int k = 0; k < ort.length; k++) {
        worst = Math.max(worst, Math.abs(ort[k] - torch[k]));
        spread = Math.max(spread, Math.abs(ort[k] - ort[0]));
      }
      assertTrue(spread > 1e-3, "the output says something");
      assertEquals(0, worst, TOLERANCE * Math.max(1, spread));
    }
  }

  /** As learned ones may be: norms with statistics, nothing zero or one. */
  private static Initialiser uneven() {
    Initialiser plain = Initialiser.seeded(5);
    return (key, shape) -> {
      float[] values = plain.values(key, shape);
      SplittableRandom random = new SplittableRandom(key.hashCode());
      if (shape.rank() < 2) {
        for (int i = 0; i < values.length; i++) {
          values[i] += (float) (0.2 * random.nextDouble());
        }
      }
      return values;
    };
  }

  private static float[] noise(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }
}
