package dev.nightfuse.training.torch;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.PadMode;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.settings.TrainException;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs a network on libtorch, with gradients. Results belong to the pointer scope that is open;
 * parameters belong to {@link TorchParameters}.
 *
 * <p>While training, batch norms use the statistics of the batch and update the stored ones; else
 * they use the stored ones, as a deployed network does.
 */
public final class TorchOps implements Ops<Tensor> {

  /** Share of the newest batch in the stored statistics. */
  private static final double MOMENTUM = 0.1;

  private final TorchParameters parameters;
  private final boolean training;

  public TorchOps(TorchParameters parameters, boolean training) {
    this.parameters = parameters;
    this.training = training;
  }

  @Override
  public Shape shape(Tensor x) {
    return Shape.of(Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray());
  }

  @Override
  public Tensor parameter(String key, Shape shape) {
    return parameters.get(key, shape, true);
  }

  private Tensor statistic(String key, Shape shape) {
    return parameters.get(key, shape, false);
  }

  @Override
  public Tensor constant(Shape shape, float... values) {
    return parameters.device().tensor(values, shape);
  }

  @Override
  public Tensor conv(Tensor x, Conv spec, String name) {
    Tensor weight = parameter(name + ".weight", spec.weightShape(channels(x)));
    TensorOptional bias =
        spec.bias()
            ? new TensorOptional(parameter(name + ".bias", Shape.of(spec.out())))
            : new TensorOptional();
    boolean half = parameters.precision() == Precision.BFLOAT16 && Convolutions.halved(spec.out());
    if (!training || !half) {
      return convolve(x, spec, weight, bias);
    }
    torch.ScalarType type = torch.ScalarType.BFloat16;
    TensorOptional added =
        bias.has_value() ? new TensorOptional(bias.get().to(type)) : new TensorOptional();
    return convolve(x.to(type), spec, weight.to(type), added).to(x.scalar_type());
  }

  private static Tensor convolve(Tensor x, Conv spec, Tensor weight, TensorOptional bias) {
    return Convolutions.of(
        x,
        weight,
        bias,
        square(spec.stride()),
        square(spec.padding()),
        square(spec.dilation()),
        spec.groups());
  }

  @Override
  public Tensor invertibleConv(Tensor x, String name) {
    int n = channels(x);
    Tensor permutation = statistic(name + ".p", Shape.of(n, n));
    Tensor lower = torch.tril(parameter(name + ".lower", Shape.of(n, n)), -1);
    Tensor upper = torch.triu(parameter(name + ".upper", Shape.of(n, n)), 1);
    Tensor sign = statistic(name + ".sign_s", Shape.of(n));
    Tensor scale = torch.mul(sign, torch.exp(parameter(name + ".log_s", Shape.of(n))));
    Tensor unit = torch.diag(torch.ones_like(scale));
    Tensor product =
        torch.matmul(
            permutation, torch.matmul(torch.add(lower, unit), torch.add(upper, torch.diag(scale))));
    return convolve(
        x, Conv.same(n, 1).withoutBias(), product.reshape(n, n, 1, 1), new TensorOptional());
  }

  @Override
  public Tensor fixedConv(Tensor x, Conv spec, float... weights) {
    Tensor weight = constant(spec.weightShape(channels(x)), weights);
    return convolve(x, spec, weight, new TensorOptional());
  }

  @Override
  public Tensor linear(Tensor x, int out, boolean bias, String name) {
    Tensor weight = parameter(name + ".weight", Shape.of(out, Math.toIntExact(x.size(-1))));
    return bias
        ? torch.linear(x, weight, new TensorOptional(parameter(name + ".bias", Shape.of(out))))
        : torch.linear(x, weight);
  }

  /**
   * @throws TrainException when it is to learn from one value of each channel, whose variance is
   *     not known: it would be stored as NaN, and the loss would not show it
   */
  @Override
  public Tensor batchNorm(Tensor x, double epsilon, String name) {
    Shape shape = Shape.of(channels(x));
    boolean learns = training && !parameters.isFrozen(name + ".weight");
    if (learns && x.numel() == channels(x)) {
      throw new TrainException(
          "%s: one value of each channel is too few for a batch norm; batch: 2 or more are needed, or a larger crop-px"
              .formatted(name));
    }
    return torch.batch_norm(
        x,
        new TensorOptional(parameter(name + ".weight", shape)),
        new TensorOptional(parameter(name + ".bias", shape)),
        new TensorOptional(statistic(name + ".running_mean", shape)),
        new TensorOptional(statistic(name + ".running_var", shape)),
        learns,
        MOMENTUM,
        epsilon,
        true);
  }

  @Override
  public Tensor instanceNorm(Tensor x, double epsilon) {
    return instanceNorm(x, epsilon, new TensorOptional(), new TensorOptional());
  }

  @Override
  public Tensor instanceNorm(Tensor x, double epsilon, String name) {
    Shape shape = Shape.of(channels(x));
    return instanceNorm(
        x,
        epsilon,
        new TensorOptional(parameter(name + ".weight", shape)),
        new TensorOptional(parameter(name + ".bias", shape)));
  }

  private static Tensor instanceNorm(
      Tensor x, double epsilon, TensorOptional weight, TensorOptional bias) {
    TensorOptional none = new TensorOptional();
    return torch.instance_norm(x, weight, bias, none, none, true, MOMENTUM, epsilon, true);
  }

  @Override
  public Tensor groupNorm(Tensor x, int groups, double epsilon, String name) {
    Shape shape = Shape.of(channels(x));
    return torch.group_norm(
        x,
        groups,
        new TensorOptional(parameter(name + ".weight", shape)),
        new TensorOptional(parameter(name + ".bias", shape)),
        epsilon,
        true);
  }

  @Override
  public Tensor layerNorm(Tensor x, double epsilon, String name) {
    Shape shape = Shape.of(Math.toIntExact(x.size(-1)));
    return torch.layer_norm(
        x,
        TorchDevice.dims(shape),
        new TensorOptional(parameter(name + ".weight", shape)),
        new TensorOptional(parameter(name + ".bias", shape)),
        epsilon,
        true);
  }

  @Override
  public Tensor prelu(Tensor x, int slopes, String name) {
    return torch.prelu(x, parameter(name + ".weight", Shape.of(slopes)));
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return torch.add(a, b);
  }

  @Override
  public Tensor add(Tensor a, double b) {
    return torch.add(a, new Scalar(b));
  }

  @Override
  public Tensor sub(Tensor a, Tensor b) {
    return torch.sub(a, b);
  }

  @Override
  public Tensor mul(Tensor a, Tensor b) {
    return torch.mul(a, b);
  }

  @Override
  public Tensor mul(Tensor a, double b) {
    return torch.mul(a, new Scalar(b));
  }

  @Override
  public Tensor div(Tensor a, Tensor b) {
    return torch.div(a, b);
  }

  @Override
  public Tensor max(Tensor a, Tensor b) {
    return torch.maximum(a, b);
  }

  @Override
  public Tensor min(Tensor a, Tensor b) {
    return torch.minimum(a, b);
  }

  @Override
  public Tensor abs(Tensor x) {
    return torch.abs(x);
  }

  @Override
  public Tensor exp(Tensor x) {
    return torch.exp(x);
  }

  @Override
  public Tensor sqrt(Tensor x) {
    return torch.sqrt(x);
  }

  @Override
  public Tensor relu(Tensor x) {
    return torch.relu(x);
  }

  @Override
  public Tensor leakyRelu(Tensor x, double slope) {
    return torch.leaky_relu(x, new Scalar(slope));
  }

  @Override
  public Tensor gelu(Tensor x) {
    return torch.gelu(x);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    return torch.sigmoid(x);
  }

  @Override
  public Tensor tanh(Tensor x) {
    return torch.tanh(x);
  }

  @Override
  public Tensor clip(Tensor x, double low, double high) {
    return torch.clamp(
        x, new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
  }

  @Override
  public Tensor softmax(Tensor x, int axis) {
    return torch.softmax(x, axis);
  }

  @Override
  public Tensor matmul(Tensor a, Tensor b) {
    return torch.matmul(a, b);
  }

  @Override
  public Tensor mean(Tensor x, int... axes) {
    return torch.mean(x, longs(axes), true, new ScalarTypeOptional());
  }

  @Override
  public Tensor sum(Tensor x, int... axes) {
    return torch.sum(x, longs(axes), true, new ScalarTypeOptional());
  }

  @Override
  public Tensor maximum(Tensor x, int... axes) {
    return torch.amax(x, longs(axes), true);
  }

  @Override
  public Tensor argMax(Tensor x, int axis) {
    return torch.argmax(x, new LongOptional(axis), true);
  }

  @Override
  public Tensor maxPool(Tensor x, Pool spec) {
    return torch.max_pool2d(
        x, square(spec.kernel()), square(spec.stride()), square(spec.padding()), square(1), false);
  }

  @Override
  public Tensor averagePool(Tensor x, Pool spec) {
    return torch.avg_pool2d(
        x,
        square(spec.kernel()),
        square(spec.stride()),
        square(spec.padding()),
        false,
        false,
        new LongOptional());
  }

  @Override
  public Tensor resize(Tensor x, int height, int width, Interpolation how) {
    long[] size = {height, width};
    DoubleOptional none = new DoubleOptional();
    return switch (how) {
      case NEAREST -> torch.upsample_nearest2d(x, size);
      case BILINEAR -> torch.upsample_bilinear2d(x, size, false, none, none);
      case BILINEAR_ALIGNED -> torch.upsample_bilinear2d(x, size, true, none, none);
      case BICUBIC -> torch.upsample_bicubic2d(x, size, false, none, none);
    };
  }

  @Override
  public Tensor pad(Tensor x, int top, int left, int bottom, int right, PadMode mode) {
    long[] sides = {left, right, top, bottom};
    return switch (mode) {
      case ZERO -> torch.constant_pad_nd(x, sides);
      case EDGE -> torch.replication_pad2d(x, sides);
      case REFLECT -> torch.reflection_pad2d(x, sides);
    };
  }

  @Override
  public Tensor spaceToDepth(Tensor x, int block) {
    long n = x.size(0);
    long c = x.size(1);
    long h = x.size(2) / block;
    long w = x.size(3) / block;
    return x.reshape(n, c, h, block, w, block)
        .permute(0, 3, 5, 1, 2, 4)
        .reshape(n, c * block * block, h, w);
  }

  @Override
  public Tensor depthToSpace(Tensor x, int block) {
    long n = x.size(0);
    long c = x.size(1) / ((long) block * block);
    long h = x.size(2);
    long w = x.size(3);
    return x.reshape(n, block, block, c, h, w)
        .permute(0, 3, 4, 1, 5, 2)
        .reshape(n, c, h * block, w * block);
  }

  @Override
  public Tensor reshape(Tensor x, int... dims) {
    return x.reshape(longs(dims));
  }

  @Override
  public Tensor permute(Tensor x, int... axes) {
    return x.permute(longs(axes));
  }

  @Override
  public Tensor concat(int axis, List<Tensor> parts) {
    return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), axis);
  }

  @Override
  public Tensor slice(Tensor x, int axis, int from, int to) {
    return x.narrow(axis, from, to - from);
  }

  @Override
  public Tensor cast(Tensor x, DType type) {
    return x.to(
        switch (type) {
          case UINT8 -> torch.ScalarType.Byte;
          case INT8 -> torch.ScalarType.Char;
          case INT32 -> torch.ScalarType.Int;
          case FLOAT16 -> torch.ScalarType.Half;
          case FLOAT32 -> torch.ScalarType.Float;
          case INT64 -> torch.ScalarType.Long;
        });
  }

  private static int channels(Tensor x) {
    return Math.toIntExact(x.size(1));
  }

  private static long[] square(int side) {
    return new long[] {side, side};
  }

  private static long[] longs(int... values) {
    return Arrays.stream(values).asLongStream().toArray();
  }
}
