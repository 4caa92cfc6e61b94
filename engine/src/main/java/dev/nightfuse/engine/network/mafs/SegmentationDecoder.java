package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;
import java.util.ArrayList;
import java.util.List;

/** Pyramid, transformer, and the head that sees the fusion branch's features too. */
record SegmentationDecoder(int classes) {

  private static final int CHANNELS = 64;
  private static final int[] DILATIONS = {1, 2, 4, 8};

  record Output<T>(T semantic, Mafs.Auxiliary<T> auxiliary) {}

  <T> Output<T> forward(Ops<T> ops, Encoder.Features<T> f, String name) {
    FeaturePyramid.Levels<T> pyramid = FeaturePyramid.forward(ops, f, name + ".pixel_decoder");
    Mafs.Auxiliary<T> auxiliary = AuxiliaryHeads.forward(ops, f, pyramid.p32(), classes, name);
    // Where sides were halved unevenly, the transformer's doubled sizes lead, and its result is
    // fitted to the fusion branch's.
    Shape p16 = ops.shape(f.f5());
    T p8 = Blocks.fit(ops, pyramid.p8(), 2 * p16.dim(2), 2 * p16.dim(3));
    T p4 = Blocks.fit(ops, pyramid.p4(), 4 * p16.dim(2), 4 * p16.dim(3));
    // The release applies ASPP to all four levels and uses two.
    p8 = Aspp.forward(ops, p8, name + ".aspp");
    p4 = Aspp.forward(ops, p4, name + ".aspp");
    T x = MultiStageTransformer.forward(ops, f.f5(), p8, p4, name + ".invpt");
    x = Blocks.fit(ops, x, ops.shape(f.half()).dim(2), ops.shape(f.half()).dim(3));
    for (int i = 0; i < 2; i++) {
      String block = "%s.preliminary_decoder.%d".formatted(name, i);
      x =
          ops.relu(
              Blocks.batchNorm(
                  ops, ops.conv(x, Blocks.plain(CHANNELS, 3), block + ".conv"), block + ".bn1"));
    }
    x = context(ops, ops.concat(1, List.of(f.half(), x)), name + ".ARM");
    return new Output<>(head(ops, x, name + ".seg_head"), auxiliary);
  }

  private static <T> T context(Ops<T> ops, T x, String name) {
    List<T> views = new ArrayList<>();
    for (int i = 0; i < DILATIONS.length; i++) {
      Conv spec = Conv.same(CHANNELS, 3).withDilation(DILATIONS[i]);
      views.add(Blocks.convNormRelu6(ops, x, spec, name + ".dilation_conv" + (i + 1), "bn"));
    }
    return Blocks.convNormRelu6(
        ops, ops.concat(1, views), Conv.same(CHANNELS, 1), name + ".conv1", "bn");
  }

  /** Foreground first, then classes where there is any. */
  private <T> T head(Ops<T> ops, T x, String name) {
    T binary = Blocks.convNormRelu6(ops, x, Conv.same(16, 1), name + ".binary_conv1", "bnop");
    binary = ops.conv(binary, Conv.same(2, 3), name + ".binary_conv2");
    T foreground = ops.slice(ops.softmax(binary, 1), 1, 1, 2);
    T y =
        Blocks.convNormRelu6(
            ops, ops.mul(x, foreground), Conv.same(CHANNELS, 1), name + ".semantic_conv1", "bnop");
    y = ops.conv(y, Conv.same(classes, 3), name + ".semantic_conv2");
    return Blocks.enlarge(ops, y, 2, Interpolation.BILINEAR_ALIGNED);
  }
}
