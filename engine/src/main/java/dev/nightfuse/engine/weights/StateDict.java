package dev.nightfuse.engine.weights;

import dev.nightfuse.engine.weights.TorchUnpickler.TensorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds the parameters in an unpickled checkpoint, whatever the training script wrapped around
 * them.
 */
final class StateDict {

  /**
   * Entries under which scripts keep the parameters, most specific first; used when several
   * dictionaries hold tensors.
   */
  private static final List<String> WRAPPERS =
      List.of(
          "MTAN",
          "model_state_dict",
          "state_dict",
          "model_state",
          "model",
          "net",
          "network",
          "params",
          "module");

  private StateDict() {}

  static Map<String, WeightTensor> tensors(
      Object root, Function<TensorRef, WeightTensor.Storage> storages, String what)
      throws MalformedWeightsException {
    Map<String, TensorRef> found = select(root, what);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    found.forEach(
        (key, ref) ->
            tensors.put(
                key,
                new WeightTensor(
                    key,
                    ref.storage().dtype(),
                    ref.shape(),
                    ref.strides(),
                    ref.offset(),
                    storages.apply(ref))));
    return tensors;
  }

  private static Map<String, TensorRef> select(Object root, String what)
      throws MalformedWeightsException {
    if (!(root instanceof Map<?, ?> map)) {
      throw new MalformedWeightsException(what + ": not a dictionary of tensors");
    }
    Map<String, Map<String, TensorRef>> candidates = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() instanceof Map<?, ?> inner) {
        Map<String, TensorRef> tensors = direct(inner);
        if (!tensors.isEmpty()) {
          candidates.put(String.valueOf(entry.getKey()), tensors);
        }
      }
    }
    for (String wrapper : WRAPPERS) {
      Map<String, TensorRef> tensors = candidates.get(wrapper);
      if (tensors != null) {
        return tensors;
      }
    }
    // After the wrappers: beside one, a script may have kept a tensor such as the last loss.
    Map<String, TensorRef> direct = direct(map);
    if (!direct.isEmpty()) {
      return direct;
    }
    if (candidates.size() == 1) {
      return candidates.values().iterator().next();
    }
    throw new MalformedWeightsException(
        candidates.isEmpty()
            ? what + ": holds no dictionary of tensors; its entries are " + names(map)
            : what + ": which of these entries holds the network? " + candidates.keySet());
  }

  private static Map<String, TensorRef> direct(Map<?, ?> map) {
    Map<String, TensorRef> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() instanceof TensorRef ref && entry.getKey() instanceof String key) {
        tensors.put(key, ref);
      }
    }
    return tensors;
  }

  private static List<String> names(Map<?, ?> map) {
    List<String> names = new ArrayList<>();
    for (Object key : map.keySet()) {
      if (names.size() == 20) {
        names.add("...");
        break;
      }
      names.add(String.valueOf(key));
    }
    return names;
  }
}
