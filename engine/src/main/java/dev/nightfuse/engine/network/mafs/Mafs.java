package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/**
 * The complete inference network of MAFS ({@code NetworkStage2} of the authors' release), under the
 * keys of their checkpoints. Inputs are {@code [N,3,H,W]} visible RGB and {@code [N,1,H,W]}
 * infrared in 0 to 1, H and W multiples of 32, not normalised (the release feeds them so).
 *
 * <p>Where the release mixes the samples of a batch, this network gives every sample its batch-1
 * result; see {@link DetailEnhancement}.
 *
 * @param classes number of semantic classes: 5 PST900, 9 MFNet, 15 FMB
 */
public record Mafs(int classes) {

  /** H and W must be multiples of this. */
  public static final int SIZE_MULTIPLE = 32;

  /**
   * Everything the network computes. A reader that needs less asks for less: what no declared
   * output needs is left out of the graph.
   *
   * @param fused {@code [N,1,H,W]} in 0 to 1
   * @param semantic {@code [N,classes,H,W]} logits
   * @param auxiliary the six training outputs, in the release's order
   */
  public record Output<T>(T fused, T semantic, Auxiliary<T> auxiliary) {}

  /**
   * Training outputs at {@code H x W}: logits of 2 channels (1, 3, 5) and of the classes (2, 4, 6).
   * By analogy with the network the modules come from, 5 is the boundary and 3 the foreground; the
   * release does not say.
   */
  public record Auxiliary<T>(T out1, T out2, T out3, T out4, T out5, T out6) {}

  public Mafs {
    if (classes < 2 || classes > 255) {
      throw new IllegalArgumentException("MAFS with " + classes + " classes: 2 to 255 are allowed");
    }
  }

  public <T> Output<T> forward(Ops<T> ops, T visible, T infrared) {
    checkSize(ops.shape(visible));
    Encoder.Features<T> features = Encoder.forward(ops, visible, infrared);
    T fused = InvertibleDecoder.forward(ops, features.reconstruction(), "fuse_decoder");
    SegmentationDecoder.Output<T> segmentation =
        new SegmentationDecoder(classes).forward(ops, features, "seg_decoder");
    return new Output<>(fused, segmentation.semantic(), segmentation.auxiliary());
  }

  /** The fused picture alone: 1.56 M of the parameters; the deep backbone is not needed for it. */
  public static <T> T fuse(Ops<T> ops, T visible, T infrared) {
    checkSize(ops.shape(visible));
    Encoder.Shallow<T> shallow = Encoder.shallow(ops, visible, infrared);
    return InvertibleDecoder.forward(ops, Encoder.reconstruct(ops, shallow), "fuse_decoder");
  }

  private static void checkSize(Shape visible) {
    int height = visible.dim(2);
    int width = visible.dim(3);
    if (height % SIZE_MULTIPLE != 0 || width % SIZE_MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "MAFS at %dx%d: width and height must be multiples of %d"
              .formatted(width, height, SIZE_MULTIPLE));
    }
  }
}
