package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/**
 * The complete inference network of MAFS ({@code NetworkStage2} of the authors' release), under the
 * keys of their checkpoints. Inputs are {@code [N,3,H,W]} visible RGB and {@code [N,1,H,W]}
 * infrared in 0 to 1, not normalised (the release feeds them so), of a size that {@link #takes}.
 *
 * <p>Where the release mixes the samples of a batch, this network gives every sample its batch-1
 * result; see {@link DetailEnhancement}.
 *
 * @param classes number of semantic classes: 5 PST900, 9 MFNet, 15 FMB
 * @param backbone the two residual networks; {@link Backbone#RESNET_152} as published
 */
public record Mafs(int classes, Backbone backbone) {

  /** H and W are multiples of this, two sizes aside. */
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

  /** Depth of the residual networks: blocks of each stage, under the release's layer names. */
  public record Backbone(int layer3, int layer4, int layer5, int layer6) {

    public static final Backbone RESNET_152 = new Backbone(3, 8, 36, 3);
    public static final Backbone RESNET_50 = new Backbone(3, 4, 6, 3);

    /** The least there is: for trials and tests. */
    public static final Backbone RESNET_14 = new Backbone(1, 1, 1, 1);

    int blocks(ResNetStage stage) {
      return switch (stage) {
        case LAYER3 -> layer3;
        case LAYER4 -> layer4;
        case LAYER5 -> layer5;
        case LAYER6 -> layer6;
      };
    }
  }

  /**
   * What masked pre-training restores.
   *
   * @param visible luma {@code [N,1,H,W]} in 0 to 1
   * @param infrared the same
   */
  public record Restored<T>(T visible, T infrared) {}

  public Mafs {
    if (classes < 2 || classes > 255) {
      throw new IllegalArgumentException("MAFS with " + classes + " classes: 2 to 255 are allowed");
    }
  }

  /** As published. */
  public Mafs(int classes) {
    this(classes, Backbone.RESNET_152);
  }

  public <T> Output<T> forward(Ops<T> ops, T visible, T infrared) {
    checkSize(ops.shape(visible));
    Encoder.Features<T> features = new Encoder(backbone).forward(ops, visible, infrared);
    T fused = InvertibleDecoder.forward(ops, features.reconstruction(), "fuse_decoder");
    SegmentationDecoder.Output<T> segmentation =
        new SegmentationDecoder(classes).forward(ops, features, "seg_decoder");
    return new Output<>(fused, segmentation.semantic(), segmentation.auxiliary());
  }

  /** The fused picture alone: 1.56 M of the parameters; the deep backbone is not needed for it. */
  public static <T> T fuse(Ops<T> ops, T visible, T infrared) {
    checkSize(ops.shape(visible));
    T features = reconstruction(ops, Backbone.RESNET_152, visible, infrared);
    return InvertibleDecoder.forward(ops, features, "fuse_decoder");
  }

  /**
   * Masked pre-training (stage I): both pictures restored from the features the fused picture is
   * made of. The deeper stages of the backbone have no part in it.
   *
   * @param separate true for a decoder of each picture's own, {@code rec_decoder_vi} and {@code
   *     rec_decoder_ir}; false for the release's way, which decodes both with {@code fuse_decoder}
   *     and so restores one picture twice
   */
  public <T> Restored<T> restore(Ops<T> ops, T visible, T infrared, boolean separate) {
    checkSize(ops.shape(visible));
    T features = reconstruction(ops, backbone, visible, infrared);
    if (separate) {
      return new Restored<>(
          InvertibleDecoder.forward(ops, features, "rec_decoder_vi"),
          InvertibleDecoder.forward(ops, features, "rec_decoder_ir"));
    }
    T both = InvertibleDecoder.forward(ops, features, "fuse_decoder");
    return new Restored<>(both, both);
  }

  private static <T> T reconstruction(Ops<T> ops, Backbone backbone, T visible, T infrared) {
    return Encoder.reconstruct(ops, new Encoder(backbone).shallow(ops, visible, infrared));
  }

  /**
   * Whether pictures of this size go in as they are: multiples of 32, and the two sizes that the
   * release fits by resizing maps inside, FMB's 800x600 and PST900's 1280x720.
   */
  public static boolean takes(int heightPx, int widthPx) {
    return (heightPx % SIZE_MULTIPLE == 0 && widthPx % SIZE_MULTIPLE == 0)
        || (heightPx == 600 && widthPx == 800)
        || (heightPx == 720 && widthPx == 1280);
  }

  private static void checkSize(Shape visible) {
    int height = visible.dim(2);
    int width = visible.dim(3);
    if (!takes(height, width)) {
      throw new IllegalArgumentException(
          "MAFS at %dx%d: width and height must be multiples of %d (or 800x600, 1280x720)"
              .formatted(width, height, SIZE_MULTIPLE));
    }
  }
}
