package dev.nightfuse.engine.model;

import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.engine.network.peers.SeAFusion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network with what its authors' script does before and after it, so that camera planes go in and
 * planes come out; or bare, with float tensors.
 *
 * <p>Networks that read colour get RGB from the limited range of video, or NightNet its planes in
 * full range, and give luma back in it. Networks that read luma alone give it back in the range it
 * came in.
 */
final class Deployment {

  /** Float outputs of a bare graph. */
  static final String FUSED = "fused";

  static final String SEMANTIC = "semantic";
  static final String TOKENS = "tokens";
  static final String VISIBLE = "visible";

  /** Side of the pictures that MaeFuse's script resizes everything to. */
  private static final int MAEFUSE_SIDE = 640;

  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  static final int GRID = 40;

  /**
   * Of the graphs that are written; raised whenever the same weights give another one, so that a
   * graph that an older version left in a user's cache is not taken for this one's.
   */
  static final int EDITION = 5;

  record Input(String name, DType type, Shape shape) {}

  private final ImportOptions options;
  private final MaeFuse maeFuse;

  /**
   * @param grid side of MaeFuse's position tables in patches; {@link #GRID} as published
   */
  Deployment(ImportOptions options, int grid) {
    this(options, maeFuse(options, grid));
  }

  /** With a MaeFuse of another size, for tests. */
  Deployment(ImportOptions options, MaeFuse maeFuse) {
    this.options = options;
    this.maeFuse = maeFuse;
  }

  List<Input> inputs() {
    int height = options.heightPx();
    int width = options.widthPx();
    if (options.raw()) {
      int channels = options.network() == Network.MAEFUSE ? 3 : 1;
      return List.of(
          new Input(VISIBLE, DType.FLOAT32, Shape.of(options.batch(), 3, height, width)),
          new Input(
              ModelManifest.INFRARED,
              DType.FLOAT32,
              Shape.of(options.batch(), channels, height, width)));
    }
    Shape full = Shape.of(options.batch(), 1, height, width);
    List<Input> inputs = new ArrayList<>();
    inputs.add(new Input(ModelManifest.VISIBLE_Y, DType.UINT8, full));
    if (options.network().colour()) {
      Shape half = Shape.of(options.batch(), 1, (height + 1) / 2, (width + 1) / 2);
      inputs.add(new Input(ModelManifest.VISIBLE_U, DType.UINT8, half));
      inputs.add(new Input(ModelManifest.VISIBLE_V, DType.UINT8, half));
    }
    inputs.add(new Input(ModelManifest.INFRARED, DType.UINT8, full));
    return inputs;
  }

  /** Runs the network on the declared inputs, by name; outputs by name. */
  <T> Map<String, T> forward(Ops<T> ops, Map<String, T> inputs) {
    return options.raw() ? bare(ops, inputs) : planes(ops, inputs);
  }

  private <T> Map<String, T> bare(Ops<T> ops, Map<String, T> inputs) {
    T visible = input(inputs, VISIBLE);
    T infrared = input(inputs, ModelManifest.INFRARED);
    if (options.network() == Network.MAEFUSE) {
      return Map.of(TOKENS, maeFuse.tokens(ops, padded(ops, visible), padded(ops, infrared)));
    }
    return network(ops, visible, infrared);
  }

  private <T> Map<String, T> planes(Ops<T> ops, Map<String, T> inputs) {
    T y = input(inputs, ModelManifest.VISIBLE_Y);
    T infrared = input(inputs, ModelManifest.INFRARED);
    Map<String, T> outputs = new LinkedHashMap<>();
    NightNet nightNet = options.network().nightNet();
    if (nightNet != null) {
      nightNet(ops, nightNet, inputs, outputs);
      return outputs;
    }
    if (options.network() == Network.MAEFUSE) {
      outputs.put(ModelManifest.FUSED_Y, maeFusePlane(ops, y, infrared));
      return outputs;
    }
    boolean colour = options.network().colour();
    T visible =
        colour
            ? Planes.rgb(
                ops,
                y,
                input(inputs, ModelManifest.VISIBLE_U),
                input(inputs, ModelManifest.VISIBLE_V),
                options.fullRange())
            : Planes.unit(ops, y);
    Map<String, T> results = network(ops, visible, Planes.unit(ops, infrared));
    T fused = results.get(FUSED);
    if (fused == null) {
      // A network that only segments leaves the picture as it is. By way of floats: TensorRT lets
      // bytes pass through nothing else.
      outputs.put(ModelManifest.FUSED_Y, ops.toUint8(Planes.real(ops, y)));
    } else {
      outputs.put(
          ModelManifest.FUSED_Y,
          colour ? Planes.luma(ops, fused, options.fullRange()) : ops.toUint8(ops.mul(fused, 255)));
    }
    T semantic = results.get(SEMANTIC);
    if (semantic != null) {
      outputs.put(ModelManifest.LABELS, Planes.labels(ops, semantic));
    }
    return outputs;
  }

  /** Unit values in, unit luma and logits out, for any size. */
  private <T> Map<String, T> network(Ops<T> ops, T visible, T infrared) {
    T v = padded(ops, visible);
    T i = padded(ops, infrared);
    Map<String, T> results = new LinkedHashMap<>();
    switch (options.network()) {
      case SEAFUSION ->
          results.put(
              FUSED,
              new SeAFusion().forward(ops, ops.shape(v).dim(1) == 3 ? Planes.luma(ops, v) : v, i));
      case MFNET -> results.put(SEMANTIC, new MfNet().forward(ops, v, i));
      case MAFS -> mafs(ops, v, i, results);
      case MAEFUSE -> throw new IllegalStateException("MaeFuse gives tokens");
      case NIGHTNET_S, NIGHTNET_M -> throw new IllegalStateException("NightNet reads planes");
    }
    results.replaceAll((name, x) -> Planes.crop(ops, x, options.heightPx(), options.widthPx()));
    return results;
  }

  /**
   * Learnt from pictures of full range, so the limited range of video is left on the way in and
   * taken up again on the way out: else dark infrared would vanish below video's black. Pictures
   * from files have full range already; squeezing them into video's would cost an eighth of their
   * shades, twice.
   */
  private <T> void nightNet(
      Ops<T> ops, NightNet network, Map<String, T> inputs, Map<String, T> outputs) {
    int multiple = NightNet.SIZE_MULTIPLE;
    T y = Planes.unitLuma(ops, input(inputs, ModelManifest.VISIBLE_Y), options.fullRange());
    T infrared = Planes.unit(ops, input(inputs, ModelManifest.INFRARED));
    NightNet.Output<T> output =
        network.forward(
            ops,
            Planes.padded(ops, y, multiple),
            chroma(ops, input(inputs, ModelManifest.VISIBLE_U), multiple / 2),
            chroma(ops, input(inputs, ModelManifest.VISIBLE_V), multiple / 2),
            Planes.padded(ops, infrared, multiple),
            options.classes());
    if (options.fused()) {
      T fused = Planes.crop(ops, output.fused(), options.heightPx(), options.widthPx());
      outputs.put(ModelManifest.FUSED_Y, Planes.luma(ops, fused, options.fullRange()));
    } else {
      T picture = Planes.real(ops, input(inputs, ModelManifest.VISIBLE_Y));
      outputs.put(ModelManifest.FUSED_Y, ops.toUint8(picture));
    }
    if (options.segmented()) {
      int scale = NightNet.LABEL_SCALE;
      // Cut before they become bytes, which TensorRT cannot cut.
      T logits =
          Planes.crop(
              ops,
              output.logits(),
              (options.heightPx() + scale - 1) / scale,
              (options.widthPx() + scale - 1) / scale);
      outputs.put(ModelManifest.LABELS, Planes.labels(ops, logits));
    }
  }

  private static <T> T chroma(Ops<T> ops, T plane, int multiple) {
    T centred = ops.mul(ops.add(Planes.real(ops, plane), -128), 1 / 224.0);
    return Planes.padded(ops, centred, multiple);
  }

  private <T> void mafs(Ops<T> ops, T visible, T infrared, Map<String, T> results) {
    if (!options.segmented()) {
      results.put(FUSED, Mafs.fuse(ops, visible, infrared));
      return;
    }
    Mafs.Output<T> output = new Mafs(options.classes()).forward(ops, visible, infrared);
    if (options.fused()) {
      results.put(FUSED, output.fused());
    }
    results.put(SEMANTIC, output.semantic());
  }

  private static MaeFuse maeFuse(ImportOptions options, int grid) {
    MaeFuse published = MaeFuse.published(options.attention());
    return new MaeFuse(published.encoder(), published.decoder(), grid, options.attention());
  }

  /**
   * As the script: resized to 640 x 640, luma in three channels, grey of the result, resized back;
   * whole grey levels after each step, as pictures of bytes have.
   */
  private <T> T maeFusePlane(Ops<T> ops, T y, T infrared) {
    T tokens = maeFuse.tokens(ops, normalised(ops, y), normalised(ops, infrared));
    T picture = MaeFuse.picture(ops, tokens, MAEFUSE_SIDE, MAEFUSE_SIDE);
    float[] gain = new float[3];
    float[] offset = new float[3];
    for (int c = 0; c < 3; c++) {
      gain[c] = 255 * DEVIATION[c];
      offset[c] = 255 * MEAN[c];
    }
    picture = ops.mul(picture, ops.constant(Shape.of(1, 3, 1, 1), gain));
    picture = ops.add(picture, ops.constant(Shape.of(1, 3, 1, 1), offset));
    // The script truncates the colours before it makes them grey.
    picture = whole(ops, picture);
    T grey = whole(ops, ops.add(Planes.luma(ops, picture), 0.5));
    return ops.toUint8(
        resized(ops, grey, options.heightPx(), options.widthPx(), Interpolation.BICUBIC));
  }

  private static <T> T normalised(Ops<T> ops, T plane) {
    T x = resized(ops, Planes.real(ops, plane), MAEFUSE_SIDE, MAEFUSE_SIDE, Interpolation.BILINEAR);
    x = whole(ops, ops.add(x, 0.5));
    float[] gain = new float[3];
    float[] offset = new float[3];
    for (int c = 0; c < 3; c++) {
      gain[c] = 1 / (255 * DEVIATION[c]);
      offset[c] = -MEAN[c] / DEVIATION[c];
    }
    T colours = ops.fixedConv(x, new Conv(3, 1, 1, 0, 1, 1, false), gain);
    return ops.add(colours, ops.constant(Shape.of(1, 3, 1, 1), offset));
  }

  private static <T> T resized(Ops<T> ops, T x, int height, int width, Interpolation how) {
    Shape size = ops.shape(x);
    return size.dim(2) == height && size.dim(3) == width ? x : ops.resize(x, height, width, how);
  }

  /** Truncated to what a byte holds; by way of integers, for TensorRT knows no bytes inside. */
  private static <T> T whole(Ops<T> ops, T x) {
    return Planes.real(ops, ops.cast(ops.clip(x, 0, 255), DType.INT64));
  }

  private <T> T padded(Ops<T> ops, T x) {
    return Planes.padded(
        ops,
        x,
        switch (options.network()) {
          case MAFS -> Mafs.takes(options.heightPx(), options.widthPx()) ? 1 : Mafs.SIZE_MULTIPLE;
          case MAEFUSE -> MaeFuse.PATCH;
          case MFNET -> MfNet.SIZE_MULTIPLE;
          case SEAFUSION -> 1;
          case NIGHTNET_S, NIGHTNET_M -> NightNet.SIZE_MULTIPLE;
        });
  }

  private static <T> T input(Map<String, T> inputs, String name) {
    T found = inputs.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no input " + name + " among " + Collections.unmodifiableSet(inputs.keySet()));
    }
    return found;
  }
}
