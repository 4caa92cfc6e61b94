package dev.nightfuse.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An ONNX model without some of its outputs and without what only they needed: a runtime computes
 * every node of a graph, whichever outputs are asked for. Works on the bytes of a file, field by
 * field, and leaves all others as they are.
 *
 * <p>Field numbers are those of {@code onnx.proto}: graph 7 of a model; node 1 and output 12 of a
 * graph; input 1, output 2 and attribute 5 of a node; name 1 of a value; g 6 and graphs 11 of an
 * attribute.
 */
public final class GraphCut {

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_OUTPUT = 12;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int VALUE_NAME = 1;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_GRAPHS = 11;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /**
   * One field of a message.
   *
   * @param from where it begins, with its tag
   * @param valueFrom where the value begins, where its type is bytes
   * @param to where it ends
   */
  private record Field(int number, int from, int valueFrom, int to) {}

  private final byte[] model;

  private GraphCut(byte[] model) {
    this.model = model;
  }

  /**
   * The model with these outputs only.
   *
   * @return null when that cannot be told: a node has a graph of its own, which may need anything,
   *     or these are no bytes of a model
   */
  public static byte @Nullable [] keeping(Set<String> outputs, byte[] model) {
    try {
      return new GraphCut(model).cut(outputs);
    } catch (IndexOutOfBoundsException e) {
      return null;
    }
  }

  private byte @Nullable [] cut(Set<String> wanted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(model.length);
    for (Field field : fields(0, model.length)) {
      if (field.number != MODEL_GRAPH) {
        copy(field, out);
        continue;
      }
      byte[] graph = graph(fields(field.valueFrom, field.to), wanted);
      if (graph == null) {
        return null;
      }
      varint(((long) MODEL_GRAPH << 3) | BYTES, out);
      varint(graph.length, out);
      out.writeBytes(graph);
    }
    return out.toByteArray();
  }

  private byte @Nullable [] graph(List<Field> fields, Set<String> wanted) {
    // By what is computed: runtimes take nodes in any order.
    Map<String, Field> nodes = new HashMap<>();
    for (Field field : fields) {
      if (field.number == GRAPH_NODE) {
        if (hasGraph(field)) {
          return null;
        }
        texts(field, NODE_OUTPUT).forEach(output -> nodes.put(output, field));
      }
    }
    Set<Field> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(wanted);
    while (!open.isEmpty()) {
      Field node = nodes.get(open.remove());
      if (node != null && needed.add(node)) {
        open.addAll(texts(node, NODE_INPUT));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(model.length);
    for (Field field : fields) {
      boolean keep =
          switch (field.number) {
            case GRAPH_NODE -> needed.contains(field);
            case GRAPH_OUTPUT -> wanted.containsAll(texts(field, VALUE_NAME));
            default -> true;
          };
      if (keep) {
        copy(field, out);
      }
    }
    return out.toByteArray();
  }

  private boolean hasGraph(Field node) {
    for (Field attribute : fields(node.valueFrom, node.to)) {
      if (attribute.number == NODE_ATTRIBUTE) {
        for (Field part : fields(attribute.valueFrom, attribute.to)) {
          if (part.number == ATTRIBUTE_GRAPH || part.number == ATTRIBUTE_GRAPHS) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private List<String> texts(Field message, int number) {
    List<String> texts = new ArrayList<>();
    for (Field field : fields(message.valueFrom, message.to)) {
      if (field.number == number) {
        texts.add(
            new String(model, field.valueFrom, field.to - field.valueFrom, StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  private void copy(Field field, ByteArrayOutputStream out) {
    out.write(model, field.from, field.to - field.from);
  }

  /** The fields of the message between two places; each ends before {@code to} or at it. */
  private List<Field> fields(int from, int to) {
    List<Field> fields = new ArrayList<>();
    int[] at = {from};
    while (at[0] < to) {
      int begin = at[0];
      long tag = varint(at, to);
      int valueFrom = at[0];
      switch ((int) (tag & 7)) {
        case VARINT -> varint(at, to);
        case FIXED64 -> at[0] += Long.BYTES;
        case FIXED32 -> at[0] += Integer.BYTES;
        case BYTES -> {
          long length = varint(at, to);
          valueFrom = at[0];
          at[0] += (int) Math.min(length, Integer.MAX_VALUE - at[0]);
        }
        default -> throw new IndexOutOfBoundsException("no such type of a field");
      }
      if (at[0] > to || at[0] < begin) {
        throw new IndexOutOfBoundsException("a field ends behind its message");
      }
      fields.add(new Field(Math.toIntExact(tag >>> 3), begin, valueFrom, at[0]));
    }
    return fields;
  }

  private long varint(int[] at, int to) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at[0] >= to) {
        throw new IndexOutOfBoundsException("a number ends behind its message");
      }
      byte octet = model[at[0]++];
      value |= (long) (octet & 0x7F) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException("a number of more than 64 bits");
  }

  private static void varint(long value, ByteArrayOutputStream out) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
