package dev.nightfuse.engine.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Map<String, Long> parameters;

    private Value(int index, Cost.Step step, List<Value> operands, Map<String, Long> parameters) {
      this.index = index;
      this.step = step;
      this.operands = operands;
      this.parameters = parameters;
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
    Set<String> counted = new LinkedHashSet<>();
    long parameters = 0;
    for (Value value : reached.values()) {
      steps.add(value.step);
      for (Map.Entry<String, Long> entry : value.parameters.entrySet()) {
        parameters += counted.add(entry.getKey()) ? entry.getValue() : 0;
      }
    }
    return new Cost(steps, parameters);
  }

  @Override
  public Shape shape(Value x) {
    return x.shape();
  }

  @Override
  public Value parameter(String key, Shape shape) {
    return made("parameter", key, shape, shape, 0, List.of(), Map.of(key, shape.elements()));
  }

  @Override
  public Value constant(Shape shape, float... values) {
    return made("constant", "", shape, shape, 0, List.of(), Map.of());
  }

  @Override
  public Value conv(Value x, Conv spec, String name) {
    Shape weight = spec.weightShape(x.shape().dim(1));
    Map<String, Long> parameters = new TreeMap<>();
    parameters.put(name + ".weight", weight.elements());
    if (spec.bias()) {
      parameters.put(name + ".bias", (long) spec.out());
    }
    return convolution(x, spec, name, parameters);
  }

  /** The permutation and the signs are fixed, the triangles and the scales are learned. */
  @Override
  public Value invertibleConv(Value x, String name) {
    int channels = x.shape().dim(1);
    long square = (long) channels * channels;
    Map<String, Long> parameters =
        Map.of(name + ".lower", square, name + ".upper", square, name + ".log_s", (long) channels);
    return convolution(x, new Conv(channels, 1, 1, 0, 1, 1, false), name, parameters);
  }

  @Override
  public Value fixedConv(Value x, Conv spec, float... weights) {
    return convolution(x, spec, "", Map.of());
  }

  private Value convolution(Value x, Conv spec, String name, Map<String, Long> parameters) {
    Shape output = Shapes.conv(x.shape(), spec);
    long perOutput = spec.weightShape(x.shape().dim(1)).elements() / spec.out();
    return made(
        "conv", name, x.shape(), output, output.elements() * perOutput, List.of(x), parameters);
  }

  @Override
  public Value linear(Value x, int out, boolean bias, String name) {
    int in = x.shape().dim(-1);
    Shape output = x.shape().with(-1, out);
    Map<String, Long> parameters = new TreeMap<>();
    parameters.put(name + ".weight", (long) in * out);
    if (bias) {
      parameters.put(name + ".bias", (long) out);
    }
    return made("linear", name, x.shape(), output, output.elements() * in, List.of(x), parameters);
  }

  @Override
  public Value batchNorm(Value x, double epsilon, String name) {
    return normal("batchNorm", x, x.shape().dim(1), name);
  }

  @Override
  public Value instanceNorm(Value x, double epsilon) {
    return same("instanceNorm", x);
  }

  @Override
  public Value groupNorm(Value x, int groups, double epsilon, String name) {
    return normal("groupNorm", x, x.shape().dim(1), name);
  }

  @Override
  public Value layerNorm(Value x, double epsilon, String name) {
    return normal("layerNorm", x, x.shape().dim(-1), name);
  }

  /** Weight and bias are parameters; running statistics are not. */
  private Value normal(String op, Value x, long size, String name) {
    Map<String, Long> parameters = Map.of(name + ".weight", size, name + ".bias", size);
    return made(op, name, x.shape(), x.shape(), 0, List.of(x), parameters);
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
        Map.of(name + ".weight", (long) slopes));
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
      Map<String, Long> parameters) {
    return new Value(
        values++, new Cost.Step(op, name, input, output, multiplyAdds), operands, parameters);
  }
}
