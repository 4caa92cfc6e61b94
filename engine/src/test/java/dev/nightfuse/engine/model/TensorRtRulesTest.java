package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What TensorRT 10 demands of a graph and a CPU runtime does not, checked where there is no GPU:
 * operators that its parser knows, inputs that must be constants, and bytes only at the graph's
 * ends, made from and into floats.
 */
final class TensorRtRulesTest {

  private static final int BYTE = 2;
  private static final Set<Integer> FLOATS = Set.of(1, 10);

  /** Of onnx-tensorrt's list of supported operators. */
  private static final Set<String> KNOWN =
      Set.of(
          "Abs",
          "Add",
          "ArgMax",
          "AveragePool",
          "BatchNormalization",
          "Cast",
          "Clip",
          "Concat",
          "Conv",
          "DepthToSpace",
          "Div",
          "Erf",
          "Exp",
          "Gather",
          "Gemm",
          "Identity",
          "InstanceNormalization",
          "LayerNormalization",
          "LeakyRelu",
          "MatMul",
          "Max",
          "MaxPool",
          "Min",
          "Mul",
          "PRelu",
          "Pad",
          "ReduceMax",
          "ReduceMean",
          "ReduceSum",
          "Relu",
          "Reshape",
          "Resize",
          "Sigmoid",
          "Slice",
          "Softmax",
          "SpaceToDepth",
          "Sqrt",
          "Sub",
          "Tanh",
          "Transpose");

  /** Operators whose inputs from this one on must be constants. */
  private static final Map<String, Integer> CONSTANT_FROM =
      Map.of(
          "InstanceNormalization",
          1,
          "LayerNormalization",
          1,
          "Slice",
          1,
          "Resize",
          1,
          "Pad",
          1,
          "Clip",
          1,
          "Reshape",
          1,
          "ReduceSum",
          1,
          "ReduceMean",
          1,
          "ReduceMax",
          1);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "SEAFUSION, FULL, false",
    "SEAFUSION, FULL, true",
    "MFNET, FULL, true",
    "MFNET, FULL, false",
    "MAFS, FUSION, true",
    "NIGHTNET_M, FULL, true",
    "NIGHTNET_S, FULL, false",
    "NIGHTNET_S, FULL, true",
    "NIGHTNET_S, SEGMENTATION, true"
  })
  void deployedGraph_smallNetworks_keepsTheRules(
      Network network, ImportOptions.Part part, boolean half) throws Exception {
    ImportOptions options = options(network, part, half);
    check(new Deployment(options, Deployment.GRID), half);
  }

  @Test
  @Tag("long")
  void deployedGraph_wholeMafs_keepsTheRules() throws Exception {
    check(new Deployment(options(Network.MAFS, ImportOptions.Part.FULL, true), 40), true);
  }

  @Test
  void deployedGraph_smallMaeFuse_keepsTheRules() throws Exception {
    MaeFuse small =
        new MaeFuse(
            new MaeFuse.Transformer(64, 2, 4),
            new MaeFuse.Transformer(32, 2, 4),
            Deployment.GRID,
            MaeFuse.Attention.RELEASED);
    ImportOptions options = options(Network.MAEFUSE, ImportOptions.Part.FULL, true);
    check(new Deployment(options, small), true);
  }

  @Test
  void builtInModel_detailTransfer_keepsTheRules() throws Exception {
    check(new ModelStore(folder).resolve(ModelStore.DETAIL_TRANSFER, 96, 64).onnx());
  }

  private static ImportOptions options(Network network, ImportOptions.Part part, boolean half) {
    // Of no multiple that a network asks for: what is padded is cut again.
    return ImportOptions.of(network, 96, 72)
        .withPart(part)
        .withClasses(network.segments() ? 9 : 0)
        .withHalf(half);
  }

  private void check(Deployment deployment, boolean half) throws IOException {
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    for (Deployment.Input input : deployment.inputs()) {
      assertEquals(DType.UINT8, input.type());
      inputs.put(input.name(), ops.input(input.name(), input.type(), input.shape()));
    }
    deployment.forward(ops, inputs).forEach(ops::output);
    if (half) {
      ops.half();
    }
    Path onnx = folder.resolve("graph.onnx");
    try (FileChannel out =
        FileChannel.open(onnx, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ops.write("graph", out);
    }
    check(onnx);
  }

  private static void check(Path onnx) throws IOException {
    OnnxMl.GraphProto graph;
    try (InputStream in = Files.newInputStream(onnx)) {
      graph = OnnxMl.ModelProto.parseFrom(in).getGraph();
    }
    Map<String, Integer> types = new HashMap<>();
    Set<String> constants = new HashSet<>();
    graph
        .getInputList()
        .forEach(i -> types.put(i.getName(), i.getType().getTensorType().getElemType()));
    graph
        .getInitializerList()
        .forEach(
            c -> {
              types.put(c.getName(), c.getDataType());
              constants.add(c.getName());
            });
    Set<String> outputs = new HashSet<>();
    graph.getOutputList().forEach(o -> outputs.add(o.getName()));
    List<String> broken = new ArrayList<>();
    for (OnnxMl.NodeProto node : graph.getNodeList()) {
      check(node, types, constants, outputs, broken);
    }
    assertTrue(graph.getNodeCount() > 0);
    assertEquals(List.of(), broken);
  }

  private static void check(
      OnnxMl.NodeProto node,
      Map<String, Integer> types,
      Set<String> constants,
      Set<String> outputs,
      List<String> broken) {
    String op = node.getOpType();
    String what = op + " " + node.getOutput(0);
    if (!KNOWN.contains(op)) {
      broken.add(what + ": not on the parser's list");
    }
    int first = types.getOrDefault(node.getInput(0), 1);
    int type = first;
    if (op.equals("Cast")) {
      type = (int) node.getAttributeList().get(0).getI();
    } else if (op.equals("ArgMax")) {
      type = 7;
    }
    types.put(node.getOutput(0), type);
    if (first == BYTE && !(op.equals("Cast") && FLOATS.contains(type))) {
      broken.add(what + ": bytes may only be cast to floats");
    }
    if (type == BYTE
        && !(op.equals("Cast") && FLOATS.contains(first) && outputs.contains(node.getOutput(0)))) {
      broken.add(what + ": bytes may only leave the graph, and be cast from floats");
    }
    int from = CONSTANT_FROM.getOrDefault(op, Integer.MAX_VALUE);
    for (int i = 0; i < node.getInputCount(); i++) {
      String input = node.getInput(i);
      if (i >= from && !input.isEmpty() && !constants.contains(input)) {
        broken.add(what + ": input " + i + " must be a constant");
      }
    }
    if (constants.containsAll(node.getInputList())) {
      constants.add(node.getOutput(0));
    }
  }
}
