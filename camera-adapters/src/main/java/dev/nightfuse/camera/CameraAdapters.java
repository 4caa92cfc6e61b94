package dev.nightfuse.camera;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The adapters of this program by URI scheme. Immutable; safe for every thread. */
public final class CameraAdapters {

  private final Map<String, CameraAdapter> byScheme = new LinkedHashMap<>();

  public CameraAdapters(List<CameraAdapter> adapters) {
    for (CameraAdapter adapter : adapters) {
      for (String scheme : adapter.schemes()) {
        if (byScheme.put(scheme, adapter) != null) {
          throw new IllegalArgumentException("two adapters for " + scheme + ":");
        }
      }
    }
  }

  /**
   * Prepares a source with the adapter of the URI's scheme.
   *
   * @throws CameraException when the scheme is not known, which lists those that are, or the
   *     adapter refuses the URI
   */
  public CameraSource open(CameraSettings settings) throws CameraException {
    CameraAdapter adapter = byScheme.get(settings.uri().scheme());
    if (adapter == null) {
      throw new CameraException(
          "%s: scheme \"%s:\" is not known; allowed: %s:"
              .formatted(
                  settings.uri(), settings.uri().scheme(), String.join(":, ", byScheme.keySet())));
    }
    return adapter.open(settings);
  }
}
