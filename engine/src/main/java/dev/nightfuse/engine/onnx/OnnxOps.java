package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.PadMode;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Records a network as an ONNX graph: declare inputs, run the network, declare outputs, write.
 * Parts of the network that no declared output needs are not written.
 */
public final class OnnxOps implements Ops<OnnxValue> {

  private final ParameterStore parameters;
  private final OnnxGraph graph = new OnnxGraph();
  private boolean half;

  /** Numbers in the network's own text; equal ones are written once. */
  private record Literal(DType type, Shape shape, ByteBuffer data) {}

  private final Map<Literal, String> literals = new HashMap<>();

  /** Convolutions with parameters by their result, for norms to be folded into. */
  private final Map<String, FoldedConv> convolutions = new HashMap<>();

  public OnnxOps(ParameterStore parameters) {
    this.parameters = parameters;
  }

  public OnnxValue input(String name, DType type, Shape shape) {
    OnnxValue value = new OnnxValue(name, type, shape);
    graph.input(value);
    return value;
  }

  public void output(String name, OnnxValue value) {
    graph.output(name, value);
  }

  /** Weights and activations become FP16 when the model is written; see {@link HalfPrecision}. */
  public void half() {
    half = true;
  }

  /**
   * Most of the model becomes INT8; see {@link BytePrecision}. Call it once, after the last output
   * was declared.
   *
   * @throws IllegalArgumentException when a range is missing
   */
  public void bytes(ActivationRanges ranges) {
    graph.prune();
    BytePrecision.apply(graph, ranges);
  }

  /**
   * Makes every number that would become a byte in INT8 an output, under the name of its point.
   * Call it once, after the last output was declared.
   */
  public void observe() {
    graph.prune();
    new BytePlan(graph).points().forEach((value, point) -> graph.output(point, graph.value(value)));
  }

  /** Writes the model; the store's values are read while writing. */
  public void write(String modelName, WritableByteChannel channel) throws IOException {
    graph.prune();
    if (half) {
      HalfPrecision.apply(graph);
    }
    graph.nameOutputs();
    OnnxWriter.write(graph, modelName, channel);
  }

  @Override
  public Shape shape(OnnxValue x) {
    return x.shape();
  }

  @Override
  public OnnxValue parameter(String key, Shape shape) {
    Parameter parameter = parameters.get(key, shape);
    graph.constants.putIfAbsent(
        key, new OnnxGraph.Constant(key, DType.FLOAT32, dims(shape), parameter::data));
    return new OnnxValue(key, DType.FLOAT32, shape);
  }

  /** A constant whose values are computed while the model is written. */
  private OnnxValue computed(String name, Shape shape, Supplier<float[]> values) {
    graph.constants.putIfAbsent(
        name,
        new OnnxGraph.Constant(
            name, DType.FLOAT32, dims(shape), () -> Parameter.bytes(values.get())));
    return new OnnxValue(name, DType.FLOAT32, shape);
  }

  @Override
  public OnnxValue constant(Shape shape, float... values) {
    if (values.length != shape.elements()) {
      throw new IllegalArgumentException(values.length + " values for " + shape);
    }
    ByteBuffer data = littleEndian(values.length * Float.BYTES);
    data.asFloatBuffer().put(values);
    return constant(DType.FLOAT32, shape, data);
  }

  private OnnxValue constant(DType type, Shape shape, ByteBuffer data) {
    Literal literal = new Literal(type, shape, data);
    String name = literals.computeIfAbsent(literal, l -> "constant" + literals.size());
    graph.markLiteral(name);
    graph.constants.putIfAbsent(
        name, new OnnxGraph.Constant(name, type, dims(shape), literal::data));
    return new OnnxValue(name, type, shape);
  }

  private OnnxValue integers(long... values) {
    ByteBuffer data = littleEndian(values.length * Long.BYTES);
    data.asLongBuffer().put(values);
    return constant(DType.INT64, Shape.of(values.length), data);
  }

  @Override
  public OnnxValue conv(OnnxValue x, Conv spec, String name) {
    Shape shape = spec.weightShape(x.shape().dim(1));
    OnnxValue weight = parameter(name + ".weight", shape);
    FoldedConv source = FoldedConv.of(x, spec, parameters, name);
    OnnxValue result =
        spec.bias()
            ? convolve(x, spec, weight, parameter(name + ".bias", Shape.of(spec.out())))
            : convolve(x, spec, weight);
    convolutions.put(result.name(), source);
    return result;
  }

  @Override
  public OnnxValue fixedConv(OnnxValue x, Conv spec, float... weights) {
    return convolve(x, spec, constant(spec.weightShape(x.shape().dim(1)), weights));
  }

  private OnnxValue convolve(OnnxValue x, Conv spec, OnnxValue... weights) {
    long p = spec.padding();
    List<String> inputs = new ArrayList<>(List.of(x.name()));
    for (OnnxValue weight : weights) {
      inputs.add(weight.name());
    }
    return graph.node(
        "Conv",
        x.type(),
        Shapes.conv(x.shape(), spec),
        Map.of(
            "kernel_shape", square(spec.kernel()),
            "strides", square(spec.stride()),
            "dilations", square(spec.dilation()),
            "pads", new long[] {p, p, p, p},
            "group", (long) spec.groups()),
        inputs);
  }

  @Override
  public OnnxValue invertibleConv(OnnxValue x, String name) {
    int channels = x.shape().dim(1);
    // Folded once, here: the graph holds one plain convolution.
    OnnxValue product =
        computed(
            name + ".product",
            Shape.of(channels, channels, 1, 1),
            () -> InvertibleWeight.fold(parameters, channels, name));
    return convolve(x, Conv.same(channels, 1).withoutBias(), product);
  }

  @Override
  public OnnxValue linear(OnnxValue x, int out, boolean bias, String name) {
    int in = x.shape().dim(-1);
    Parameter weight = parameters.get(name + ".weight", Shape.of(out, in));
    // Stored [out, in]; turned here once, not by every runtime at every start.
    OnnxValue turned =
        computed(
            name + ".weight.turned",
            Shape.of(in, out),
            () -> FoldedConv.transposed(weight.floats(), out, in));
    OnnxValue product = matmul(x, turned);
    return bias ? add(product, parameter(name + ".bias", Shape.of(out))) : product;
  }

  @Override
  public OnnxValue batchNorm(OnnxValue x, double epsilon, String name) {
    Shape channels = Shape.of(x.shape().dim(1));
    FoldedConv conv = convolutions.get(x.name());
    if (conv != null) {
      return folded(conv.normalised(parameters, epsilon, name));
    }
    return node(
        "BatchNormalization",
        x.shape(),
        Map.of("epsilon", (float) epsilon),
        x,
        parameter(name + ".weight", channels),
        parameter(name + ".bias", channels),
        parameter(name + ".running_mean", channels),
        parameter(name + ".running_var", channels));
  }

  /** The convolution without its norm stays in the graph only if something else reads it. */
  private OnnxValue folded(FoldedConv conv) {
    Shape weight = conv.spec().weightShape(conv.input().shape().dim(1));
    OnnxValue result =
        convolve(
            conv.input(),
            conv.spec(),
            computed(conv.name() + ".weight.folded", weight, conv.weight()),
            computed(conv.name() + ".bias.folded", Shape.of(conv.spec().out()), conv.bias()));
    convolutions.put(result.name(), conv);
    return result;
  }

  @Override
  public OnnxValue instanceNorm(OnnxValue x, double epsilon, String name) {
    Shape channels = Shape.of(x.shape().dim(1));
    return node(
        "InstanceNormalization",
        x.shape(),
        Map.of("epsilon", (float) epsilon),
        x,
        parameter(name + ".weight", channels),
        parameter(name + ".bias", channels));
  }

  @Override
  public OnnxValue instanceNorm(OnnxValue x, double epsilon) {
    int channels = x.shape().dim(1);
    return node(
        "InstanceNormalization",
        x.shape(),
        Map.of("epsilon", (float) epsilon),
        x,
        filled(channels, 1),
        filled(channels, 0));
  }

  @Override
  public OnnxValue groupNorm(OnnxValue x, int groups, double epsilon, String name) {
    Shape shape = x.shape();
    int channels = shape.dim(1);
    int each = (int) (shape.with(0, 1).elements() / groups);
    OnnxValue normal = instanceNorm(reshape(x, shape.dim(0), groups, each), epsilon);
    Shape perChannel = Shape.of(channels);
    OnnxValue weight = reshape(parameter(name + ".weight", perChannel), channels, 1, 1);
    OnnxValue bias = reshape(parameter(name + ".bias", perChannel), channels, 1, 1);
    return add(mul(reshape(normal, shape.toArray()), weight), bias);
  }

  @Override
  public OnnxValue layerNorm(OnnxValue x, double epsilon, String name) {
    Shape last = Shape.of(x.shape().dim(-1));
    return node(
        "LayerNormalization",
        x.shape(),
        Map.of("epsilon", (float) epsilon, "axis", -1L),
        x,
        parameter(name + ".weight", last),
        parameter(name + ".bias", last));
  }

  @Override
  public OnnxValue prelu(OnnxValue x, int slopes, String name) {
    OnnxValue weight = parameter(name + ".weight", Shape.of(slopes));
    return node("PRelu", x.shape(), Map.of(), x, reshape(weight, slopes, 1, 1));
  }

  @Override
  public OnnxValue add(OnnxValue a, OnnxValue b) {
    return binary("Add", a, b);
  }

  @Override
  public OnnxValue sub(OnnxValue a, OnnxValue b) {
    return binary("Sub", a, b);
  }

  @Override
  public OnnxValue mul(OnnxValue a, OnnxValue b) {
    return binary("Mul", a, b);
  }

  @Override
  public OnnxValue div(OnnxValue a, OnnxValue b) {
    return binary("Div", a, b);
  }

  @Override
  public OnnxValue max(OnnxValue a, OnnxValue b) {
    return binary("Max", a, b);
  }

  @Override
  public OnnxValue min(OnnxValue a, OnnxValue b) {
    return binary("Min", a, b);
  }

  @Override
  public OnnxValue abs(OnnxValue x) {
    return unary("Abs", x);
  }

  @Override
  public OnnxValue exp(OnnxValue x) {
    return unary("Exp", x);
  }

  @Override
  public OnnxValue sqrt(OnnxValue x) {
    return unary("Sqrt", x);
  }

  @Override
  public OnnxValue relu(OnnxValue x) {
    return unary("Relu", x);
  }

  @Override
  public OnnxValue leakyRelu(OnnxValue x, double slope) {
    return node("LeakyRelu", x.shape(), Map.of("alpha", (float) slope), x);
  }

  @Override
  public OnnxValue gelu(OnnxValue x) {
    OnnxValue erf = unary("Erf", mul(x, Math.sqrt(0.5)));
    return mul(mul(x, add(erf, 1)), 0.5);
  }

  @Override
  public OnnxValue sigmoid(OnnxValue x) {
    return unary("Sigmoid", x);
  }

  @Override
  public OnnxValue tanh(OnnxValue x) {
    return unary("Tanh", x);
  }

  @Override
  public OnnxValue clip(OnnxValue x, double low, double high) {
    return node("Clip", x.shape(), Map.of(), x, scalar((float) low), scalar((float) high));
  }

  @Override
  public OnnxValue softmax(OnnxValue x, int axis) {
    return node("Softmax", x.shape(), Map.of("axis", (long) x.shape().axis(axis)), x);
  }

  @Override
  public OnnxValue matmul(OnnxValue a, OnnxValue b) {
    return node("MatMul", Shapes.matmul(a.shape(), b.shape()), Map.of(), a, b);
  }

  @Override
  public OnnxValue mean(OnnxValue x, int... axes) {
    return reduce("ReduceMean", x, axes);
  }

  @Override
  public OnnxValue sum(OnnxValue x, int... axes) {
    return reduce("ReduceSum", x, axes);
  }

  @Override
  public OnnxValue maximum(OnnxValue x, int... axes) {
    return reduce("ReduceMax", x, axes);
  }

  @Override
  public OnnxValue argMax(OnnxValue x, int axis) {
    return graph.node(
        "ArgMax",
        DType.INT64,
        Shapes.reduce(x.shape(), axis),
        Map.of("axis", (long) x.shape().axis(axis), "keepdims", 1L),
        List.of(x.name()));
  }

  @Override
  public OnnxValue maxPool(OnnxValue x, Pool spec) {
    return node("MaxPool", Shapes.pool(x.shape(), spec), window(spec), x);
  }

  @Override
  public OnnxValue averagePool(OnnxValue x, Pool spec) {
    return node("AveragePool", Shapes.pool(x.shape(), spec), window(spec), x);
  }

  @Override
  public OnnxValue resize(OnnxValue x, int height, int width, Interpolation how) {
    Shape target = Shapes.resize(x.shape(), height, width);
    Map<String, Object> attributes =
        switch (how) {
          case NEAREST ->
              Map.of(
                  "mode", "nearest",
                  "nearest_mode", "floor",
                  "coordinate_transformation_mode", "asymmetric");
          case BICUBIC ->
              Map.of(
                  "mode", "cubic",
                  "cubic_coeff_a", -0.75f,
                  "coordinate_transformation_mode", "half_pixel");
          case BILINEAR -> Map.of("mode", "linear", "coordinate_transformation_mode", "half_pixel");
          case BILINEAR_ALIGNED ->
              Map.of("mode", "linear", "coordinate_transformation_mode", "align_corners");
        };
    List<String> inputs = new ArrayList<>(List.of(x.name(), ""));
    if (target.dynamic()) {
      inputs.add(constant(Shape.of(4), 1, 1, scale(x, 2, height), scale(x, 3, width)).name());
    } else {
      inputs.add("");
      inputs.add(integers(dims(target)).name());
    }
    OnnxValue result = graph.node("Resize", x.type(), target, attributes, inputs);
    // Runtimes lose sight of a batch of any size here, and then add what has the same shape slowly.
    graph.declared.add(result);
    return result;
  }

  /**
   * A factor that takes the size to exactly the wanted one when the product is rounded down, in
   * single and in double precision: runtimes do both.
   */
  private static float scale(OnnxValue x, int axis, int target) {
    float factor = (float) target / x.shape().dim(axis);
    return (double) factor * x.shape().dim(axis) >= target ? factor : Math.nextUp(factor);
  }

  @Override
  public OnnxValue pad(OnnxValue x, int top, int left, int bottom, int right, PadMode mode) {
    String name =
        switch (mode) {
          case ZERO -> "constant";
          case EDGE -> "edge";
          case REFLECT -> "reflect";
        };
    return node(
        "Pad",
        Shapes.pad(x.shape(), top, left, bottom, right),
        Map.of("mode", name),
        x,
        integers(0, 0, top, left, 0, 0, bottom, right));
  }

  @Override
  public OnnxValue spaceToDepth(OnnxValue x, int block) {
    Shape shape = Shapes.spaceToDepth(x.shape(), block);
    return node("SpaceToDepth", shape, Map.of("blocksize", (long) block), x);
  }

  @Override
  public OnnxValue depthToSpace(OnnxValue x, int block) {
    Shape shape = Shapes.depthToSpace(x.shape(), block);
    return node("DepthToSpace", shape, Map.of("blocksize", (long) block, "mode", "DCR"), x);
  }

  @Override
  public OnnxValue reshape(OnnxValue x, int... dims) {
    Shape shape = Shapes.reshape(x.shape(), dims);
    // 0 copies the batch of the input, which is how a dynamic one passes through.
    long[] target = dims(shape);
    if (shape.dynamic()) {
      target[0] = 0;
    }
    return node("Reshape", shape, Map.of(), x, integers(target));
  }

  @Override
  public OnnxValue permute(OnnxValue x, int... axes) {
    long[] order = Arrays.stream(axes).mapToLong(x.shape()::axis).toArray();
    return node("Transpose", Shapes.permute(x.shape(), axes), Map.of("perm", order), x);
  }

  @Override
  public OnnxValue concat(int axis, List<OnnxValue> parts) {
    List<Shape> shapes = parts.stream().map(OnnxValue::shape).toList();
    return node(
        "Concat",
        Shapes.concat(axis, shapes),
        Map.of("axis", (long) shapes.get(0).axis(axis)),
        parts.toArray(OnnxValue[]::new));
  }

  @Override
  public OnnxValue slice(OnnxValue x, int axis, int from, int to) {
    Shape shape = Shapes.slice(x.shape(), axis, from, to);
    return node(
        "Slice", shape, Map.of(), x, integers(from), integers(to), integers(x.shape().axis(axis)));
  }

  @Override
  public OnnxValue cast(OnnxValue x, DType type) {
    long number = OnnxWriter.typeNumber(type);
    return graph.node("Cast", type, x.shape(), Map.of("to", number), List.of(x.name()));
  }

  private OnnxValue unary(String op, OnnxValue x) {
    return node(op, x.shape(), Map.of(), x);
  }

  private OnnxValue binary(String op, OnnxValue a, OnnxValue b) {
    return node(op, Shapes.broadcast(a.shape(), b.shape()), Map.of(), a, b);
  }

  private OnnxValue reduce(String op, OnnxValue x, int... axes) {
    long[] positive = Arrays.stream(axes).mapToLong(x.shape()::axis).toArray();
    return node(op, Shapes.reduce(x.shape(), axes), Map.of("keepdims", 1L), x, integers(positive));
  }

  /** A node of the type of its first operand. */
  private OnnxValue node(
      String op, Shape shape, Map<String, Object> attributes, OnnxValue... inputs) {
    List<String> names = Arrays.stream(inputs).map(OnnxValue::name).toList();
    return graph.node(op, inputs[0].type(), shape, attributes, names);
  }

  private OnnxValue filled(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return constant(Shape.of(count), values);
  }

  private OnnxValue scalar(float value) {
    return constant(Shape.of(), value);
  }

  private static Map<String, Object> window(Pool spec) {
    long p = spec.padding();
    return Map.of(
        "kernel_shape", square(spec.kernel()),
        "strides", square(spec.stride()),
        "pads", new long[] {p, p, p, p});
  }

  private static long[] square(int side) {
    return new long[] {side, side};
  }

  private static long[] dims(Shape shape) {
    return Arrays.stream(shape.toArray()).asLongStream().toArray();
  }

  private static ByteBuffer littleEndian(int sizeBytes) {
    return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
