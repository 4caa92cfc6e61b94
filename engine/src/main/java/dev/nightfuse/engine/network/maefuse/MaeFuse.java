package dev.nightfuse.engine.network.maefuse;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/**
 * The complete inference network of MaeFuse under the keys of the authors' checkpoints. Inputs are
 * {@code [N,3,H,W]}, the visible luma and the infrared picture in three channels each, normalised
 * by the ImageNet mean and deviation; H and W are multiples of 16. Sizes other than the position
 * table's are served by interpolated positions.
 *
 * @param encoder the encoder, shared by both pictures
 * @param decoder the decoder
 * @param grid side of the position tables, in patches: 40 for the published 640 x 640
 * @param attention how the fusion layer is read
 */
public record MaeFuse(Transformer encoder, Transformer decoder, int grid, Attention attention) {

  /** Side of a patch; H and W must be multiples of it. */
  public static final int PATCH = 16;

  private static final int CHANNELS = 3;
  private static final String MODEL = "model1";

  /**
   * The size of a transformer.
   *
   * @param width channels of a token
   * @param depth number of blocks
   * @param heads attention heads
   */
  public record Transformer(int width, int depth, int heads) {}

  /** How the fusion layer's attention is read. */
  public enum Attention {
    /** What the published checkpoint was trained and is used with; see {@link FusionLayer}. */
    RELEASED,
    /** Attention over the tokens of the other picture, as the paper describes. */
    PAPER,
    /** The paper's section 4.4: infrared features guide the merging in place of the CFM. */
    PAPER_INFRARED_GUIDE
  }

  /** The published network: ViT-L encoder, four-block decoder, 640 x 640. */
  public static MaeFuse published(Attention attention) {
    return new MaeFuse(new Transformer(1024, 24, 16), new Transformer(512, 4, 16), 40, attention);
  }

  /** {@code [N, L, 768]}: the pixels of each patch, channel last, in normalised units. */
  public <T> T tokens(Ops<T> ops, T visible, T infrared) {
    Shape shape = ops.shape(visible);
    int height = shape.dim(2);
    int width = shape.dim(3);
    T v = encode(ops, visible);
    T i = encode(ops, infrared);
    return decode(ops, fuse(ops, v, i, height, width), height, width);
  }

  /** One picture's tokens, {@code [N, L, width]}. */
  public <T> T encode(Ops<T> ops, T picture) {
    Shape shape = ops.shape(picture);
    return encode(ops, picture, rows(shape.dim(2)), rows(shape.dim(3)));
  }

  /** The fusion layer on the encodings of pictures of the given size. */
  public <T> T fuse(Ops<T> ops, T visible, T infrared, int height, int width) {
    return layer().forward(ops, visible, infrared, rows(height), rows(width));
  }

  /** The fusion layer's first module, the CFM, alone; training decodes its result directly. */
  public <T> T compare(Ops<T> ops, T visible, T infrared, int height, int width) {
    return layer().compare(ops, visible, infrared, rows(height), rows(width));
  }

  private FusionLayer layer() {
    return new FusionLayer(encoder.width(), grid, attention);
  }

  /**
   * Pixels of tokens in the encoder's space, fused or of one picture: {@code [N, L, 768]} as {@link
   * #tokens} gives them.
   */
  public <T> T decode(Ops<T> ops, T tokens, int height, int width) {
    T x = ops.linear(tokens, decoder.width(), true, MODEL + ".decoder_embed");
    T positions =
        Positions.table(
            ops, MODEL + ".decoder_pos_embed", decoder.width(), grid, rows(height), rows(width));
    x = ops.add(x, positions);
    x = blocks(ops, x, decoder, MODEL + ".decoder_blocks.", MODEL + ".decoder_norm");
    return ops.linear(x, PATCH * PATCH * CHANNELS, true, MODEL + ".decoder_pred");
  }

  /** Tokens put back into a picture: {@code [N, 3, H, W]} in normalised units. */
  public static <T> T picture(Ops<T> ops, T tokens, int height, int width) {
    int batch = ops.shape(tokens).dim(0);
    T patches = ops.reshape(tokens, batch, rows(height), rows(width), PATCH, PATCH, CHANNELS);
    return ops.reshape(ops.permute(patches, 0, 5, 1, 3, 2, 4), batch, CHANNELS, height, width);
  }

  private <T> T encode(Ops<T> ops, T picture, int rows, int columns) {
    int width = encoder.width();
    Conv embed = new Conv(width, PATCH, PATCH, 0, 1, 1, true);
    T patches = ops.conv(picture, embed, MODEL + ".patch_embed.proj");
    int batch = ops.shape(patches).dim(0);
    T tokens = ops.permute(ops.reshape(patches, batch, width, rows * columns), 0, 2, 1);
    tokens =
        ops.add(tokens, Positions.table(ops, MODEL + ".pos_embed", width, grid, rows, columns));
    return blocks(ops, tokens, encoder, MODEL + ".blocks.", MODEL + ".norm");
  }

  private static <T> T blocks(Ops<T> ops, T tokens, Transformer size, String prefix, String norm) {
    T x = tokens;
    for (int i = 0; i < size.depth(); i++) {
      x = TransformerBlock.forward(ops, x, size.heads(), prefix + i);
    }
    return ops.layerNorm(x, TransformerBlock.EPSILON, norm);
  }

  private static int rows(int side) {
    if (side % PATCH != 0) {
      throw new IllegalArgumentException(
          "MaeFuse with a side of %d: width and height must be multiples of %d"
              .formatted(side, PATCH));
    }
    return side / PATCH;
  }
}
