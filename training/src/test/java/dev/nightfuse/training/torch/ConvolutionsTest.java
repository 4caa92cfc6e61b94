package dev.nightfuse.training.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Shape;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gradients as they are trained with, in 32 and 16 bits, against those of 64, which are others'
 * code.
 */
final class ConvolutionsTest {

  private static final int PICTURES = 3;
  private static final int SIDE = 64;

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  private static Tensor random(long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = 1;
    for (long side : shape) {
      count *= (int) side;
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextDouble(-1, 1);
    }
    return Tensor.create(values, shape);
  }

  /** What is not written where it should be is then not 0 by luck. */
  private static void fillFreeMemory() {
    for (int bits = 6; bits < 20; bits++) {
      torch.zeros(1L << bits).fill_(new Scalar(1e30f)).close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,3,1",
    "1,2,3,1",
    "1,3,5,1",
    "1,16,7,4",
    "2,1,3,1",
    "3,4,3,2",
    "16,9,1,1",
    "16,1,3,1",
    "4,8,1,2",
    "1,4,1,2"
  })
  void gradients_ofInputAndWeights_areThoseOf64Bits(int in, int out, int side, int stride) {
    torch.ScalarType exact = torch.ScalarType.Double;
    float[][] expected = gradients(in, out, side, stride, exact);
    float[][] found = gradients(in, out, side, stride, torch.ScalarType.Float);
    assertArrayEquals(expected[0], found[0], 1e-4f);
    assertArrayEquals(expected[1], found[1], 0.02f);
  }

  @SuppressWarnings("try")
  private static float[][] gradients(int in, int out, int side, int stride, torch.ScalarType type) {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = random(1, PICTURES, in, SIDE, SIDE).to(type).requires_grad_(true);
      Tensor weight = random(2, out, in, side, side).to(type).requires_grad_(true);
      Tensor wanted = random(3, PICTURES, out, SIDE / stride, SIDE / stride).to(type);
      long[] one = {1, 1};
      long[] border = {side / 2, side / 2};
      fillFreeMemory();
      Convolutions.of(x, weight, new TensorOptional(), new long[] {stride, stride}, border, one, 1)
          .mul(wanted)
          .sum()
          .backward();
      return new float[][] {floats(x.grad()), floats(weight.grad())};
    }
  }

  private static float[] floats(Tensor tensor) {
    return TorchDevice.floats(tensor.to(torch.ScalarType.Float));
  }

  /** Nine classes, a picture of one channel: what has no partner in 16 bits. */
  @ParameterizedTest
  @CsvSource({"32,9,1", "32,1,3", "1,16,3", "1,2,3", "2,8,3"})
  void gradients_bfloat16_areThoseOf32Bits(int in, int out, int side) {
    float[] exact = gradient(Precision.FLOAT32, Conv.same(out, side), in);
    float[] half = gradient(Precision.BFLOAT16, Conv.same(out, side), in);
    double apart = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      apart += Math.pow(exact[i] - half[i], 2);
      size += Math.pow(exact[i], 2);
    }
    assertTrue(apart < 1e-4 * size, "apart " + apart + " of " + size);
  }

  @SuppressWarnings("try")
  private static float[] gradient(Precision precision, Conv conv, int in) {
    try (PointerScope scope = new PointerScope();
        TorchParameters parameters =
            new TorchParameters(
                (key, shape) -> floats(random(2, shape.elements())), TorchDevice.CPU)) {
      Tensor x =
          TorchDevice.CPU
              .tensor(
                  floats(random(1, (long) PICTURES * in * SIDE * SIDE)),
                  Shape.of(PICTURES, in, SIDE, SIDE))
              .requires_grad_(true);
      parameters.computeIn(precision);
      fillFreeMemory();
      Tensor y = new TorchOps(parameters, true).conv(x, conv, "c");
      y.mul(y).sum().backward();
      return TorchDevice.floats(x.grad());
    }
  }
}
