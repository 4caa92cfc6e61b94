package dev.nightfuse.engine.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Propagates shapes and remembers what each operation costs; no values. {@link #cost} then counts
 * what given outputs depend on, so branches that lead nowhere cost nothing.
 */
public final class CostOps implements Ops<CostOps.Value> {

  /** A tensor without values: its shape and where it came from. */
  public static final class Value {
    private final int index;
    private final Cost.Step step;
    private final List<Value> operands;
    private final Map<String, Cost.Tensor> tensors;

    private Value(
        int index, Cost.Step step, List<Value> operands, Map<String, Cost.Tensor> tensors) {
      this.index = index;
      this.step = step;
      this.operands = operands;
      this.tensors = tensors;
    }

    public Shape shape() {
      return step.output();
    }
  }

  private int values;

  public Value input(Shape shape) {
    return made("input", "", shape, shape, 0, List.of(), Map.of());
  }

  /** Everything that the outputs depend on. */
  public Cost cost(List<Value> outputs) {
    Map<Integer, Value> reached = new TreeMap<>();
    Deque<Value> open = new ArrayDeque<>(outputs);
    while (!open.isEmpty()) {
      Value value = open.pop();
      if (reached.put(value.index, value) == null) {
        value.operands.forEach(open::push);
      }
    }
    List<Cost.Step> steps = new ArrayList<>();
    Map<String, Cost.Tensor> tensors = new LinkedHashMap<>();
    for (Value value : reached.values()) {
      steps.add(value.step);
      value.tensors.forEach(tensors::putIfAbsent);
    }
    return new Cost(steps, tensors);
  }

  @Override
  public Shape shape(Value x) {
    return x.shape();
  }

  @Override
  public Value parameter(String key, Shape shape) {
    return made("parameter", key, shape, shape, 0, List.of(), Map.of(key, learned(shape)));
  }

  @Override
  public Value constant(Shape shape, float... values) {
    return made("constant", "", shape, shape, 0, List.of(), Map.of());
  }

  @Override
  public Value conv(Value x, Conv spec, String name) {
    Shape weight = spec.weightShape(x.shape().dim(1));
    Map<String, Cost.Tensor> tensors = new TreeMap<>();
    tensors.put(name + ".weight", learned(weight));
    if (spec.bias()) {
      tensors.put(name + ".bias", learned(Shape.of(spec.out())));
    }
    return convolution(x, spec, name, tensors);
  }

  /** The permutation and the signs are fixed, the triangles and the scales are learned. */
  @Override
  public Value invertibleConv(Value x, String name) {
    int channels = x.shape().dim(1);
    Shape square = Shape.of(channels, channels);
    Map<String, Cost.Tensor> tensors = new TreeMap<>();
    tensors.put(name + ".lower", learned(square));
    tensors.put(name + ".upper", learned(square));
    tensors.put(name + ".log_s", learned(Shape.of(channels)));
    tensors.put(name + ".p", fixed(square));
    tensors.put(name + ".sign_s", fixed(Shape.of(channels)));
    return convolution(x, new Conv(channels, 1, 1, 0, 1, 1, false), name, tensors);
  }

  @Override
  public Value fixedConv(Value x, Conv spec, float... weights) {
    return convolution(x, spec, "", Map.of());
  }

  private Value convolution(Value x, Conv spec, String name, Map<String, Cost.Tensor> tensors) {
    Shape output = Shapes.conv(x.shape(), spec);
    long perOutput = spec.weightShape(x.shape().dim(1)).elements() / spec.out();
    return made(
        "conv", name, x.shape(), output, output.elements() * perOutput, List.of(x), tensors);
  }

  @Override
  public Value linear(Value x, int out, boolean bias, String name) {
    int in = x.shape().dim(-1);
    Shape output = x.shape().with(-1, out);
    Map<String, Cost.Tensor> tensors = new TreeMap<>();
    tensors.put(name + ".weight", learned(Shape.of(out, in)));
    if (bias) {
      tensors.put(name + ".bias", learned(Shape.of(out)));
    }
    return made("linear", name, x.shape(), output, output.elements() * in, List.of(x), tensors);
  }

  @Override
  public Value batchNorm(Value x, double epsilon, String name) {
    Shape channels = Shape.of(x.shape().dim(1));
    Map<String, Cost.Tensor> tensors = new TreeMap<>();
    tensors.put(name + ".weight", learned(channels));
    tensors.put(name + ".bias", learned(channels));
    tensors.put(name + ".running_mean", fixed(channels));
    tensors.put(name + ".running_var", fixed(channels));
    return made("batchNorm", name, x.shape(), x.shape(), 0, List.of(x), tensors);
  }

  @Override
  public Value instanceNorm(Value x, double epsilon) {
    return same("instanceNorm", x);
  }

  @Override
  public Value instanceNorm(Value x, double epsilon, String name) {
    return normal("affineInstanceNorm", x, x.shape().dim(1), name);
  }

  @Override
  public Value groupNorm(Value x, int groups, double epsilon, String name) {
    return normal("groupNorm", x, x.shape().dim(1), name);
  }

  @Override
  public Value layerNorm(Value x, double epsilon, String name) {
    return normal("layerNorm", x, x.shape().dim(-1), name);
  }

  private Value normal(String op, Value x, int size, String name) {
    Cost.Tensor each = learned(Shape.of(size));
    Map<String, Cost.Tensor> tensors = new TreeMap<>();
    tensors.put(name + ".weight", each);
    tensors.put(name + ".bias", each);
    return made(op, name, x.shape(), x.shape(), 0, List.of(x), tensors);
  }

  @Override
  public Value prelu(Value x, int slopes, String name) {
    return made(
        "prelu",
        name,
        x.shape(),
        x.shape(),
        0,
        List.of(x),
        Map.of(name + ".weight", learned(Shape.of(slopes))));
  }

  @Override
  public Value add(Value a, Value b) {
    return binary("add", a, b);
  }

  @Override
  public Value sub(Value a, Value b) {
    return binary("sub", a, b);
  }

  @Override
  public Value mul(Value a, Value b) {
    return binary("mul", a, b);
  }

  @Override
  public Value div(Value a, Value b) {
    return binary("div", a, b);
  }

  @Override
  public Value max(Value a, Value b) {
    return binary("max", a, b);
  }

  @Override
  public Value min(Value a, Value b) {
    return binary("min", a, b);
  }

  @Override
  public Value abs(Value x) {
    return same("abs", x);
  }

  @Override
  public Value exp(Value x) {
    return same("exp", x);
  }

  @Override
  public Value sqrt(Value x) {
    return same("sqrt", x);
  }

  @Override
  public Value relu(Value x) {
    return same("relu", x);
  }

  @Override
  public Value leakyRelu(Value x, double slope) {
    return same("leakyRelu", x);
  }

  @Override
  public Value gelu(Value x) {
    return same("gelu", x);
  }

  @Override
  public Value sigmoid(Value x) {
    return same("sigmoid", x);
  }

  @Override
  public Value tanh(Value x) {
    return same("tanh", x);
  }

  @Override
  public Value clip(Value x, double low, double high) {
    return same("clip", x);
  }

  @Override
  public Value softmax(Value x, int axis) {
    return same("softmax", x);
  }

  @Override
  public Value matmul(Value a, Value b) {
    Shape output = Shapes.matmul(a.shape(), b.shape());
    long work = output.elements() * a.shape().dim(-1);
    return made("matmul", "", a.shape(), output, work, List.of(a, b), Map.of());
  }

  @Override
  public Value mean(Value x, int... axes) {
    return unary("mean", x, Shapes.reduce(x.shape(), axes));
  }

  @Override
  public Value sum(Value x, int... axes) {
    return unary("sum", x, Shapes.reduce(x.shape(), axes));
  }

  @Override
  public Value maximum(Value x, int... axes) {
    return unary("maximum", x, Shapes.reduce(x.shape(), axes));
  }

  @Override
  public Value argMax(Value x, int axis) {
    return unary("argMax", x, Shapes.reduce(x.shape(), axis));
  }

  @Override
  public Value maxPool(Value x, Pool spec) {
    return unary("maxPool", x, Shapes.pool(x.shape(), spec));
  }

  @Override
  public Value averagePool(Value x, Pool spec) {
    return unary("averagePool", x, Shapes.pool(x.shape(), spec));
  }

  @Override
  public Value resize(Value x, int height, int width, Interpolation how) {
    String op = how == Interpolation.NEAREST ? "nearest" : "bilinear";
    return unary(op, x, Shapes.resize(x.shape(), height, width));
  }

  @Override
  public Value pad(Value x, int top, int left, int bottom, int right, PadMode mode) {
    return unary("pad", x, Shapes.pad(x.shape(), top, left, bottom, right));
  }

  @Override
  public Value spaceToDepth(Value x, int block) {
    return unary("spaceToDepth", x, Shapes.spaceToDepth(x.shape(), block));
  }

  @Override
  public Value depthToSpace(Value x, int block) {
    return unary("depthToSpace", x, Shapes.depthToSpace(x.shape(), block));
  }

  @Override
  public Value reshape(Value x, int... dims) {
    return unary("reshape", x, Shapes.reshape(x.shape(), dims));
  }

  @Override
  public Value permute(Value x, int... axes) {
    return unary("permute", x, Shapes.permute(x.shape(), axes));
  }

  @Override
  public Value concat(int axis, List<Value> parts) {
    List<Shape> shapes = parts.stream().map(Value::shape).toList();
    Shape output = Shapes.concat(axis, shapes);
    return made("concat", "", shapes.get(0), output, 0, List.copyOf(parts), Map.of());
  }

  @Override
  public Value slice(Value x, int axis, int from, int to) {
    return unary("slice", x, Shapes.slice(x.shape(), axis, from, to));
  }

  @Override
  public Value cast(Value x, DType type) {
    return same("cast", x);
  }

  private Value same(String op, Value x) {
    return unary(op, x, x.shape());
  }

  private Value unary(String op, Value x, Shape output) {
    return made(op, "", x.shape(), output, 0, List.of(x), Map.of());
  }

  private Value binary(String op, Value a, Value b) {
    Shape output = Shapes.broadcast(a.shape(), b.shape());
    return made(op, "", a.shape(), output, 0, List.of(a, b), Map.of());
  }

  private Value made(
      String op,
      String name,
      Shape input,
      Shape output,
      long multiplyAdds,
      List<Value> operands,
      Map<String, Cost.Tensor> tensors) {
    return new Value(
        values++, new Cost.Step(op, name, input, output, multiplyAdds), operands, tensors);
  }

  private static Cost.Tensor learned(Shape shape) {
    return new Cost.Tensor(shape, true);
  }

  private static Cost.Tensor fixed(Shape shape) {
    return new Cost.Tensor(shape, false);
  }
}
