package dev.nightfuse.engine;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * References to the planes of up to N pairs; holds no pixels. Reused from call to call: {@link
 * #clear()}, then {@link #add}. All planes are direct buffers, tight rows, uint8: Y, infrared and
 * fused H x W, U and V (H+1)/2 x (W+1)/2, labels at the engine's label size.
 */
public final class FusionBatch {

  /**
   * The planes of one pair. U and V may be read by networks that use colour; labels is null when
   * not wanted.
   */
  public static final class Slot {
    private @Nullable ByteBuffer visibleY;
    private @Nullable ByteBuffer visibleU;
    private @Nullable ByteBuffer visibleV;
    private @Nullable ByteBuffer infrared;
    private @Nullable ByteBuffer fusedY;
    private @Nullable ByteBuffer labels;

    public ByteBuffer visibleY() {
      return set(visibleY);
    }

    public ByteBuffer visibleU() {
      return set(visibleU);
    }

    public ByteBuffer visibleV() {
      return set(visibleV);
    }

    public ByteBuffer infrared() {
      return set(infrared);
    }

    public ByteBuffer fusedY() {
      return set(fusedY);
    }

    public @Nullable ByteBuffer labels() {
      return labels;
    }

    /** The plane of a name of the model file contract; null for labels that are not wanted. */
    public @Nullable ByteBuffer plane(String name) {
      return switch (name) {
        case ModelManifest.VISIBLE_Y -> visibleY();
        case ModelManifest.VISIBLE_U -> visibleU();
        case ModelManifest.VISIBLE_V -> visibleV();
        case ModelManifest.INFRARED -> infrared();
        case ModelManifest.FUSED_Y -> fusedY();
        case ModelManifest.LABELS -> labels;
        default -> throw new IllegalArgumentException("no plane is called " + name);
      };
    }

    private static ByteBuffer set(@Nullable ByteBuffer plane) {
      if (plane == null) {
        throw new IllegalStateException("slot of a batch that was cleared");
      }
      return plane;
    }
  }

  private final Slot[] slots;
  private int size;

  public FusionBatch(int capacity) {
    slots = new Slot[capacity];
    for (int i = 0; i < capacity; i++) {
      slots[i] = new Slot();
    }
  }

  public void clear() {
    for (int i = 0; i < size; i++) {
      Slot slot = slots[i];
      slot.visibleY = null;
      slot.visibleU = null;
      slot.visibleV = null;
      slot.infrared = null;
      slot.fusedY = null;
      slot.labels = null;
    }
    size = 0;
  }

  /** Adds a pair; an {@link IllegalStateException} when the batch is full. */
  public void add(
      ByteBuffer visibleY,
      ByteBuffer visibleU,
      ByteBuffer visibleV,
      ByteBuffer infrared,
      ByteBuffer fusedY,
      @Nullable ByteBuffer labels) {
    if (size == slots.length) {
      throw new IllegalStateException("batch is full: " + size + " pairs");
    }
    Slot slot = slots[size++];
    slot.visibleY = visibleY;
    slot.visibleU = visibleU;
    slot.visibleV = visibleV;
    slot.infrared = infrared;
    slot.fusedY = fusedY;
    slot.labels = labels;
  }

  public Slot slot(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("slot " + index + " of a batch of " + size);
    }
    return slots[index];
  }

  public int size() {
    return size;
  }
}
