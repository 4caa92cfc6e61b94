package dev.nightfuse.engine.network.mafs;

import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Pool;

/** Both streams, their exchange, and the fusion of their features at each scale. */
record Encoder(Mafs.Backbone backbone) {

  private static final String NAME = "encoder";
  private static final Pool STEM_POOL = new Pool(3, 2, 1);

  /**
   * What the fused picture needs.
   *
   * @param full AFM at 1/1, 32 channels
   * @param half AFM at 1/2, 32 channels
   * @param stage3 both streams after the exchange at 1/4, for the deeper stages
   * @param f3 CAM at 1/4, 64 channels
   */
  record Shallow<T>(T full, T half, Streams<T> stage3, T f3) {}

  /**
   * What both decoders need.
   *
   * @param reconstruction {@code rec_f}: 32 channels at 1/1
   * @param half {@code rec_f1}: 32 channels at 1/2
   * @param f3 64 channels at 1/4
   * @param f4 64 channels at 1/8
   * @param f5 64 channels at 1/16
   * @param f6 64 channels at 1/32
   */
  record Features<T>(T reconstruction, T half, T f3, T f4, T f5, T f6) {}

  <T> Features<T> forward(Ops<T> ops, T visible, T infrared) {
    Shallow<T> shallow = shallow(ops, visible, infrared);
    Streams<T> x4 =
        DetailEnhancement.forward(
            ops, layer(ops, shallow.stage3(), ResNetStage.LAYER4), NAME + ".EAEF4");
    T f4 = CrossModalAttention.forward(ops, x4, NAME + ".high_fuse4");
    Streams<T> x5 =
        DetailEnhancement.forward(ops, layer(ops, x4, ResNetStage.LAYER5), NAME + ".EAEF5");
    T f5 = CrossModalAttention.forward(ops, x5, NAME + ".high_fuse5");
    Streams<T> x6 = layer(ops, x5, ResNetStage.LAYER6);
    T f6 = CrossModalAttention.forward(ops, x6, NAME + ".high_fuse6");
    T half = half(ops, shallow);
    return new Features<>(reconstruct(ops, shallow, half), half, shallow.f3(), f4, f5, f6);
  }

  /** Down to 1/4. */
  <T> Shallow<T> shallow(Ops<T> ops, T visible, T infrared) {
    ShallowFeatures.Output<T> rgb = ShallowFeatures.forward(ops, visible, NAME, "rgb");
    ShallowFeatures.Output<T> thermal = ShallowFeatures.forward(ops, infrared, NAME, "thermal");
    T full =
        AdaptiveFusion.forward(ops, new Streams<>(rgb.full(), thermal.full()), NAME + ".low_fuse1");
    Streams<T> x2 =
        DetailEnhancement.forward(ops, new Streams<>(rgb.half(), thermal.half()), NAME + ".EAEF2");
    T half = AdaptiveFusion.forward(ops, x2, NAME + ".low_fuse2");
    Streams<T> pooled =
        new Streams<>(ops.maxPool(x2.rgb(), STEM_POOL), ops.maxPool(x2.thermal(), STEM_POOL));
    Streams<T> x3 =
        DetailEnhancement.forward(ops, layer(ops, pooled, ResNetStage.LAYER3), NAME + ".EAEF3");
    return new Shallow<>(full, half, x3, CrossModalAttention.forward(ops, x3, NAME + ".low_fuse3"));
  }

  private static <T> T half(Ops<T> ops, Shallow<T> shallow) {
    return ProgressiveFusion.forward(ops, shallow.half(), shallow.f3(), NAME + ".SIM1");
  }

  /** PHF twice, then the dense reconstruction module: {@code rec_f}. */
  static <T> T reconstruct(Ops<T> ops, Shallow<T> shallow) {
    return reconstruct(ops, shallow, half(ops, shallow));
  }

  private static <T> T reconstruct(Ops<T> ops, Shallow<T> shallow, T half) {
    T full = ProgressiveFusion.forward(ops, shallow.full(), half, NAME + ".SIM2");
    return DenseReconstruction.forward(ops, full, NAME + ".rec_decoder");
  }

  private <T> Streams<T> layer(Ops<T> ops, Streams<T> x, ResNetStage stage) {
    int blocks = backbone.blocks(stage);
    return new Streams<>(
        stage.forward(ops, x.rgb(), blocks, NAME + ".encoder_rgb_" + stage.key()),
        stage.forward(ops, x.thermal(), blocks, NAME + ".encoder_thermal_" + stage.key()));
  }
}
