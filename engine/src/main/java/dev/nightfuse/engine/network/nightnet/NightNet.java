package dev.nightfuse.engine.network.nightnet;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.PadMode;
import dev.nightfuse.engine.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * NightNet. Pictures become blocks of 4 x 4 pixels at once and everything is computed at a quarter
 * of the size and below, where 3x3 convolutions of 16, 32, ... channels are fastest; the last ones
 * at a quarter may be separable. Shallow features of both cameras and semantic features of the
 * whole scene meet in the head, which does not paint the picture: it weighs the brighter and the
 * darker of the two pixels and adds a correction,
 *
 * <pre>fused = (1 + a) max(y, infrared) + b min(y, infrared) + c</pre>
 *
 * with a, b, c for every pixel, so that detail is as sharp as the cameras give it and a static
 * scene does not flicker. Their means over a block grow into the neighbouring blocks.
 *
 * @param width channels and depth
 * @param without parts that are left out to see what they are worth; none in what is shipped
 */
public record NightNet(Width width, Set<Part> without) {

  /** What the network also runs without, in {@code docs/training/ablation.md}. */
  public enum Part {
    /** The whole picture decides how much each channel counts. */
    ATTENTION,
    /** The head sees what the classes are told from, not the shallow features alone. */
    SEMANTICS,
    /** The head weighs the brighter and the darker pixel instead of painting. */
    BLEND
  }

  public NightNet {
    without = Set.copyOf(without);
  }

  private NightNet(Width width) {
    this(width, Set.of());
  }

  /** What height and width must be multiples of. */
  public static final int SIZE_MULTIPLE = 32;

  /** Pixels per side of a block. */
  public static final int BLOCK = 4;

  /** Pixels per side of a label. */
  public static final int LABEL_SCALE = 2;

  private static final int PIXELS = BLOCK * BLOCK;
  private static final double EPSILON = 1e-5;
  private static final float[] MEAN = new float[PIXELS];
  private static final float[] GROWN = grown();

  static {
    Arrays.fill(MEAN, 1f / PIXELS);
  }

  /**
   * Channels at each scale, and residual units there.
   *
   * @param stem of each camera at 1/4
   * @param shallow out of the decoder at 1/4
   * @param head that the weights of the pixels of a block are told from
   * @param light whether what is computed at 1/4 is as cheap as it can be: stems of 8x8 pixels and
   *     not of 3x3 blocks, chroma without its neighbours, the last layers separable, attention at
   *     1/8
   */
  public record Width(
      int stem,
      int eighth,
      int sixteenth,
      int bottom,
      int shallow,
      int up8,
      int up16,
      int head,
      int depth,
      boolean light) {}

  public static final NightNet SMALL =
      new NightNet(new Width(16, 32, 64, 96, 16, 16, 48, 16, 1, true));
  public static final NightNet MEDIUM =
      new NightNet(new Width(32, 48, 96, 128, 32, 48, 64, 32, 1, true));

  /**
   * The medium one that is not light: never deployed, {@link #MEDIUM} learns its pictures from it.
   */
  public static final NightNet DENSE =
      new NightNet(new Width(32, 48, 96, 128, 32, 48, 64, 32, 1, false));

  /**
   * What comes out.
   *
   * @param fused luma {@code [N,1,H,W]}, mostly in 0 to 1
   * @param logits of the classes {@code [N,classes,H/2,W/2]}, told at 1/4 and grown: borders of
   *     small objects run between the blocks
   * @param features {@code [N,shallow,H/4,W/4]} that the classes are told from
   */
  public record Output<T>(T fused, T logits, T features) {}

  /**
   * @param y luma {@code [N,1,H,W]} in 0 to 1
   * @param u chroma {@code [N,1,H/2,W/2]}, grey is 0
   * @param v likewise
   * @param infrared {@code [N,1,H,W]} in 0 to 1
   */
  public <T> Output<T> forward(Ops<T> ops, T y, T u, T v, T infrared, int classes) {
    Shape size = ops.shape(y);
    if (size.dim(2) % SIZE_MULTIPLE != 0 || size.dim(3) % SIZE_MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "NightNet at %dx%d: width and height must be multiples of %d"
              .formatted(size.dim(3), size.dim(2), SIZE_MULTIPLE));
    }
    // Without a norm, which would make the little there is of it as loud as luma.
    T chroma = stem(ops, ops.concat(1, List.of(u, v)), BLOCK / 2, 0, "stem.chroma");
    T luma = norm(ops, stem(ops, y, BLOCK, BLOCK / 2, "stem.luma.conv"), "stem.luma");
    T heat =
        norm(ops, stem(ops, infrared, BLOCK, BLOCK / 2, "stem.infrared.conv"), "stem.infrared");
    T quarter = ops.concat(1, List.of(ops.relu(ops.add(luma, chroma)), ops.relu(heat)));
    if (!width.light) {
      quarter = attend(ops, quarter, "stem.attention");
    }

    T eighth = unit(ops, quarter, Conv.same(width.eighth, 3).withStride(2), "down8");
    if (width.light) {
      eighth = attend(ops, eighth, "scale8.attention");
    }
    eighth = residual(ops, eighth, "scale8");
    T sixteenth = unit(ops, eighth, Conv.same(width.sixteenth, 3).withStride(2), "down16");
    for (int i = 0; i < width.depth; i++) {
      sixteenth = bottleneck(ops, sixteenth, "scale16." + i);
    }
    T bottom = unit(ops, sixteenth, Conv.same(width.bottom, 3).withStride(2), "down32");
    for (int i = 0; i < width.depth; i++) {
      bottom = bottleneck(ops, bottom, "scale32." + i);
    }
    bottom = attend(ops, bottom, "scene");

    T up = merge(ops, bottom, sixteenth, width.up16, "up16");
    up = merge(ops, up, eighth, width.up8, "up8");
    T semantic = last(ops, join(ops, up, quarter, width.shallow, "up4"), width.shallow, "up4.mix");
    T logits = ops.conv(semantic, Conv.same(classes, 1), "classes");
    logits =
        ops.resize(
            logits, size.dim(2) / LABEL_SCALE, size.dim(3) / LABEL_SCALE, Interpolation.BILINEAR);

    T head = plain(ops, quarter, Conv.same(width.shallow, 1), "head.shallow");
    if (has(Part.SEMANTICS)) {
      Conv share = Conv.same(width.shallow, 1).withoutBias();
      head = ops.add(head, ops.conv(semantic, share, "head.semantic"));
    }
    head = last(ops, ops.relu(head), width.head, "head.weigh");
    T fused = weights(ops, head, "head.correct");
    if (has(Part.BLEND)) {
      T high = ops.spaceToDepth(ops.max(y, infrared), BLOCK);
      T low = ops.spaceToDepth(ops.min(y, infrared), BLOCK);
      T bright = ops.mul(high, weights(ops, head, "head.bright"));
      T dark = ops.mul(low, weights(ops, head, "head.dark"));
      fused = ops.add(fused, ops.add(ops.add(high, bright), dark));
    }
    return new Output<>(ops.depthToSpace(fused, BLOCK), logits, semantic);
  }

  /**
   * A number for every pixel of a block. Their mean grows from the middle of each block to those of
   * its neighbours: where scenes are smooth, blocks have no borders.
   */
  private static <T> T weights(Ops<T> ops, T head, String name) {
    T own = ops.conv(head, Conv.same(PIXELS, 1), name);
    T mean = ops.fixedConv(own, Conv.same(1, 1).withoutBias(), MEAN);
    T around = ops.pad(mean, 1, 1, 1, 1, PadMode.EDGE);
    return ops.add(own, ops.fixedConv(around, new Conv(PIXELS, 3, 1, 0, 1, 1, false), GROWN));
  }

  /** By pixel of a block: bilinear growth by {@value #BLOCK} of blocks around, less the own one. */
  private static float[] grown() {
    float[] weights = new float[PIXELS * 9];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      float[] down = shares(pixel / BLOCK);
      float[] across = shares(pixel % BLOCK);
      for (int i = 0; i < 9; i++) {
        weights[pixel * 9 + i] = down[i / 3] * across[i % 3] - (i == 4 ? 1 : 0);
      }
    }
    return weights;
  }

  /** What the blocks before, at and behind a pixel have of it, along one axis. */
  private static float[] shares(int pixel) {
    float off = (pixel + 0.5f) / BLOCK - 0.5f;
    return new float[] {Math.max(-off, 0), 1 - Math.abs(off), Math.max(off, 0)};
  }

  private boolean has(Part part) {
    return !without.contains(part);
  }

  /**
   * The first layer of a camera, from pixels to blocks.
   *
   * @param border pixels around a block that count, too, in a light network; others look at whole
   *     blocks around it
   */
  private <T> T stem(Ops<T> ops, T x, int block, int border, String name) {
    return width.light
        ? ops.conv(x, new Conv(width.stem, block + 2 * border, block, border, 1, 1, false), name)
        : ops.conv(ops.spaceToDepth(x, block), Conv.same(width.stem, 3).withoutBias(), name);
  }

  private static <T> T unit(Ops<T> ops, T x, Conv conv, String name) {
    return ops.relu(plain(ops, x, conv, name));
  }

  private static <T> T plain(Ops<T> ops, T x, Conv conv, String name) {
    return norm(ops, ops.conv(x, conv.withoutBias(), name + ".conv"), name);
  }

  private static <T> T norm(Ops<T> ops, T x, String name) {
    return ops.batchNorm(x, EPSILON, name + ".bn");
  }

  private static <T> T residual(Ops<T> ops, T x, String name) {
    int channels = ops.shape(x).dim(1);
    return ops.relu(ops.add(x, plain(ops, x, Conv.same(channels, 3), name)));
  }

  private static <T> T bottleneck(Ops<T> ops, T x, String name) {
    int channels = ops.shape(x).dim(1);
    T y = unit(ops, x, Conv.same(channels, 3), name + ".a");
    return ops.relu(ops.add(x, plain(ops, y, Conv.same(channels, 3), name + ".b")));
  }

  /** Each channel by a weight that the whole picture decides. */
  private <T> T attend(Ops<T> ops, T x, String name) {
    if (!has(Part.ATTENTION)) {
      return x;
    }
    int channels = ops.shape(x).dim(1);
    T scene = ops.mean(x, 2, 3);
    scene = ops.relu(ops.conv(scene, Conv.same(channels / 4, 1), name + ".squeeze"));
    scene = ops.conv(scene, Conv.same(channels, 1), name + ".excite");
    return ops.mul(x, ops.sigmoid(scene));
  }

  /** Semantic features grow to the size of shallower ones and are joined by them. */
  private static <T> T merge(Ops<T> ops, T deep, T shallow, int channels, String name) {
    T x = join(ops, deep, shallow, channels, name);
    return unit(ops, x, Conv.same(channels, 3), name + ".mix");
  }

  private static <T> T join(Ops<T> ops, T deep, T shallow, int channels, String name) {
    Shape size = ops.shape(shallow);
    T grown = plain(ops, deep, Conv.same(channels, 1), name + ".deep");
    grown = ops.resize(grown, size.dim(2), size.dim(3), Interpolation.NEAREST);
    return ops.relu(ops.add(grown, plain(ops, shallow, Conv.same(channels, 1), name + ".lateral")));
  }

  /**
   * A 3x3 unit at 1/4; the light one in two steps, each channel by itself and then all together: an
   * eighth of the cost.
   */
  private <T> T last(Ops<T> ops, T x, int channels, String name) {
    if (!width.light) {
      return unit(ops, x, Conv.same(channels, 3), name);
    }
    int own = ops.shape(x).dim(1);
    Conv each = Conv.same(own, 3).withGroups(own).withoutBias();
    T y = ops.conv(x, each, name + ".each");
    return unit(ops, y, Conv.same(channels, 1), name + ".all");
  }
}
