package dev.nightfuse.engine.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Unpickles what PyTorch writes for a checkpoint and nothing else: dictionaries, lists, numbers,
 * strings and tensors. The pickle machine itself is the library's; this class narrows it. Every
 * opcode that can name or build an object of a class is either handled here, against a short list
 * of names, or refused; lengths are checked against what is left of the input before anything is
 * allocated.
 */
final class TorchUnpickler extends Unpickler {

  /**
   * The persistent identifier of a storage: {@code ('storage', torch.FloatStorage, key, location,
   * elements)}.
   */
  record StorageRef(Dtype dtype, String key, long elements) {}

  /** A tensor as pickled: a window on a storage. */
  record TensorRef(StorageRef storage, long offset, List<Integer> shape, long[] strides) {}

  private record StorageType(Dtype dtype) {}

  /**
   * Opcodes without a class name in them, a stack effect of their own, and no length that could
   * lie.
   */
  private static final Set<Short> PLAIN =
      Set.of(
          Opcodes.MARK,
          Opcodes.STOP,
          Opcodes.POP,
          Opcodes.POP_MARK,
          Opcodes.DUP,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.BINFLOAT,
          Opcodes.EMPTY_DICT,
          Opcodes.EMPTY_LIST,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.LIST,
          Opcodes.DICT,
          Opcodes.APPEND,
          Opcodes.APPENDS,
          Opcodes.SETITEM,
          Opcodes.SETITEMS,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.MEMOIZE,
          Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.BINPERSID);

  private static final Map<Short, Integer> LENGTH_FIELD_BYTES =
      Map.of(
          Opcodes.LONG1, 1,
          Opcodes.SHORT_BINUNICODE, 1,
          Opcodes.SHORT_BINBYTES, 1,
          Opcodes.SHORT_BINSTRING, 1,
          Opcodes.BINUNICODE, 4,
          Opcodes.BINBYTES, 4,
          Opcodes.BINSTRING, 4);

  private static final Map<String, IObjectConstructor> CLASSES = new HashMap<>();

  static {
    CLASSES.put("collections.OrderedDict", args -> new LinkedHashMap<Object, Object>());
    CLASSES.put("torch._utils._rebuild_tensor_v2", TorchUnpickler::tensor);
    CLASSES.put("torch._utils._rebuild_parameter", args -> args[0]);
  }

  /**
   * One pickle.
   *
   * @param value what it holds
   * @param storages every storage it names, by key, whether a tensor of the network lives there or
   *     not
   */
  record Pickle(Object value, Map<String, StorageRef> storages) {}

  private final String what;
  private final Map<String, StorageRef> storages = new LinkedHashMap<>();

  private TorchUnpickler(String what) {
    this.what = what;
  }

  /** Reads one pickle from the stream and leaves the stream behind its end. */
  static Pickle read(ByteArrayInputStream in, String what) throws MalformedWeightsException {
    TorchUnpickler unpickler = new TorchUnpickler(what);
    try {
      Object value = unpickler.load(in);
      if (value == null) {
        throw new MalformedWeightsException(what + ": the pickle holds nothing");
      }
      return new Pickle(value, unpickler.storages);
    } catch (MalformedWeightsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library answers a damaged stream with casts, empty stacks and the like: all mean the
      // same here.
      throw new MalformedWeightsException(what + ": damaged or truncated pickle (" + e + ")", e);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // the library is unannotated; a null result means "no value yet"
  protected Object dispatch(short key) throws PickleException, IOException {
    if (PLAIN.contains(key)) {
      return super.dispatch(key);
    }
    Integer lengthBytes = LENGTH_FIELD_BYTES.get(key);
    if (lengthBytes != null) {
      checkLength(lengthBytes);
      return super.dispatch(key);
    }
    switch (key) {
      case Opcodes.GLOBAL -> stack.add(allowed(line(), line()));
      case Opcodes.STACK_GLOBAL -> {
        String name = String.valueOf(stack.pop());
        stack.add(allowed(String.valueOf(stack.pop()), name));
      }
      case Opcodes.REDUCE -> reduce();
      case Opcodes.BUILD -> {
        // State of an OrderedDict (its _metadata): not a tensor, ignored. Anything else cannot have
        // state here.
        stack.pop();
        if (!(stack.peek() instanceof Map)) {
          throw new MalformedWeightsException(
              what + ": state for something that is not a dictionary");
        }
      }
      default ->
          throw new MalformedWeightsException(
              "%s: pickle opcode 0x%02x is not allowed in a checkpoint of tensors"
                  .formatted(what, key));
    }
    return NO_RETURN_VALUE;
  }

  private void reduce() throws MalformedWeightsException {
    Object args = stack.pop();
    Object callable = stack.pop();
    if (!(callable instanceof IObjectConstructor constructor)
        || !(args instanceof Object[] values)) {
      throw new MalformedWeightsException(
          what + ": the pickle calls something that is not a class");
    }
    stack.add(constructor.construct(values));
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = input.read(); c != '\n'; c = input.read()) {
      if (c < 0 || text.length() > 200) {
        throw new MalformedWeightsException(what + ": damaged or truncated pickle (class name)");
      }
      text.append((char) c);
    }
    return text.toString();
  }

  private Object allowed(String module, String name) throws MalformedWeightsException {
    String className = module + "." + name;
    IObjectConstructor constructor = CLASSES.get(className);
    if (constructor != null) {
      return constructor;
    }
    if (module.equals("torch")) {
      Dtype dtype = Dtype.byTorchStorage(name).orElse(null);
      if (dtype != null) {
        return new StorageType(dtype);
      }
    }
    throw new MalformedWeightsException(
        ("%s: the pickle names the class %s, which is refused; allowed are tensors, their storages and OrderedDict."
                + " Save the plain state dict, or safetensors")
            .formatted(what, className));
  }

  private void checkLength(int lengthBytes) throws IOException {
    input.mark(8);
    byte[] field = input.readNBytes(lengthBytes);
    if (field.length < lengthBytes) {
      throw new MalformedWeightsException(what + ": truncated pickle");
    }
    long length = PickleUtils.bytes_to_uint(java.util.Arrays.copyOf(field, 4), 0);
    if (length > input.available()) {
      throw new MalformedWeightsException(
          "%s: truncated pickle: %d bytes announced, %d left"
              .formatted(what, length, input.available()));
    }
    input.reset();
  }

  @Override
  protected Object persistentLoad(Object pid) {
    if (pid instanceof Object[] id
        && id.length >= 5
        && "storage".equals(id[0])
        && id[1] instanceof StorageType type
        && id[4] instanceof Number elements
        && elements.longValue() >= 0) {
      StorageRef ref = new StorageRef(type.dtype(), String.valueOf(id[2]), elements.longValue());
      StorageRef before = storages.putIfAbsent(ref.key(), ref);
      if (before == null || before.equals(ref)) {
        return ref;
      }
      throw new PickleException("storage \"" + ref.key() + "\" is named with two types or sizes");
    }
    throw new PickleException("persistent identifier of something that is not a storage");
  }

  private static Object tensor(Object[] args) {
    if (args.length < 4
        || !(args[0] instanceof StorageRef storage)
        || !(args[1] instanceof Number offset)
        || !(args[2] instanceof Object[] size)
        || !(args[3] instanceof Object[] stride)
        || size.length != stride.length) {
      throw new PickleException("a tensor with unreadable size or stride");
    }
    List<Integer> shape = new ArrayList<>(size.length);
    long[] strides = new long[size.length];
    long last = offset.longValue();
    boolean empty = false;
    for (int d = 0; d < size.length; d++) {
      int length = Math.toIntExact(((Number) size[d]).longValue());
      strides[d] = ((Number) stride[d]).longValue();
      if (length < 0 || strides[d] < 0) {
        throw new PickleException("a tensor with negative size or stride");
      }
      empty |= length == 0;
      shape.add(length);
      last = Math.addExact(last, Math.multiplyExact(Math.max(0, length - 1), strides[d]));
    }
    if (offset.longValue() < 0 || (!empty && last >= storage.elements())) {
      throw new PickleException("a tensor that reaches beyond its storage");
    }
    // A stride of 0 lets a small file stand for a huge tensor; checkpoints have no use for it.
    long elements = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (elements > Math.max(1, storage.elements())) {
      throw new PickleException("a tensor with more elements than its storage");
    }
    return new TensorRef(storage, offset.longValue(), shape, strides);
  }
}
