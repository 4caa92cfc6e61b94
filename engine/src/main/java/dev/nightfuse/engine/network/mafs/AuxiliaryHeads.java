package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;
import java.util.List;

/** The auxiliary branch (CAINet's aggregation modules and classifiers): training outputs only. */
final class AuxiliaryHeads {

  private static final int CHANNELS = 64;

  private record Pair<T>(T product, T sum) {}

  private AuxiliaryHeads() {}

  /**
   * @param p32 the pyramid's coarsest map, before ASPP
   */
  static <T> Mafs.Auxiliary<T> forward(
      Ops<T> ops, Encoder.Features<T> f, T p32, int classes, String name) {
    // Sides that were halved unevenly are fitted as the release does: the coarsest maps to the next
    // level, at the level after it the finer map to the doubled coarser one, and the result back.
    Shape p16 = ops.shape(f.f5());
    boolean even = ops.shape(f.f6()).dim(2) * 2 == p16.dim(2);
    T f6 = even ? f.f6() : Blocks.fit(ops, f.f6(), p16.dim(2), p16.dim(3));
    T coarsest = even ? p32 : Blocks.fit(ops, p32, p16.dim(2), p16.dim(3));
    Pair<T> a3 = aggregate(ops, f.f5(), f6, coarsest, name + ".arm3");
    Shape p8 = ops.shape(f.f4());
    T f4 = Blocks.fit(ops, f.f4(), 2 * p16.dim(2), 2 * p16.dim(3));
    Pair<T> doubled = aggregate(ops, f4, a3.product(), a3.sum(), name + ".arm2");
    Pair<T> a2 =
        new Pair<>(
            Blocks.fit(ops, doubled.product(), p8.dim(2), p8.dim(3)),
            Blocks.fit(ops, doubled.sum(), p8.dim(2), p8.dim(3)));
    Pair<T> a1 = aggregate(ops, f.f3(), a2.product(), a2.sum(), name + ".arm1");
    return new Mafs.Auxiliary<>(
        classify(ops, a3.product(), 2, 4, 4, name + ".classifier_Z6"),
        classify(ops, a3.sum(), classes, 4, 4, name + ".classifier_Z3"),
        classify(ops, a2.product(), 2, 4, 2, name + ".classifier_Z5"),
        classify(ops, a2.sum(), classes, 4, 2, name + ".classifier_Z2"),
        classify(ops, a1.product(), 2, 2, 2, name + ".classifier_Z4"),
        classify(ops, a1.sum(), classes, 2, 2, name + ".classifier_Z1"));
  }

  private static <T> Pair<T> aggregate(Ops<T> ops, T low, T previous, T high, String name) {
    Shape target = ops.shape(low);
    T p = previous;
    T h = high;
    if (ops.shape(p).dim(2) != target.dim(2)) {
      p = Blocks.enlarge(ops, p, 2, Interpolation.BILINEAR_ALIGNED);
      h = Blocks.enlarge(ops, h, 2, Interpolation.BILINEAR_ALIGNED);
    }
    T all = ops.concat(1, List.of(low, p, h));
    T views =
        ops.concat(
            1,
            List.of(
                dilated(ops, all, 1, 1, name),
                dilated(ops, all, 2, 2, name),
                dilated(ops, all, 3, 4, name)));
    T local = Blocks.convNormRelu6(ops, views, Conv.same(CHANNELS, 1), name + ".conv1", "bn");
    T context = Blocks.convNormRelu6(ops, h, Conv.same(CHANNELS, 1), name + ".high_out", "bn");
    T product = ops.mul(local, context);
    return new Pair<>(product, ops.add(product, context));
  }

  private static <T> T dilated(Ops<T> ops, T x, int number, int dilation, String name) {
    Conv spec = Conv.same(CHANNELS, 3).withDilation(dilation);
    return Blocks.convNormRelu6(ops, x, spec, name + ".dilation_conv" + number, "bn");
  }

  private static <T> T classify(Ops<T> ops, T x, int out, int first, int second, String name) {
    T y = Blocks.convNormRelu6(ops, x, Conv.same(CHANNELS, 3), name + ".0", "bnop");
    y = Blocks.enlarge(ops, y, first, Interpolation.BILINEAR_ALIGNED);
    y = ops.conv(y, Conv.same(out, 1), name + ".2");
    return Blocks.enlarge(ops, y, second, Interpolation.BILINEAR_ALIGNED);
  }
}
