package dev.nightfuse.training.teacher;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Brings enhanced thermal pictures back to where raw ones lie. MFNet's weights learnt from raw
 * thermal pictures; those of MSRS are contrast-enhanced, and on them the weights find far fewer
 * people. Shift and scale to the mean and deviation of raw frames mend most of it.
 */
public final class ThermalStatistics {

  /** Mean and deviation of raw frames of the MFNet release, one of the night and one of the day. */
  private static final double NIGHT_MEAN = 61.6;

  private static final double NIGHT_DEVIATION = 9.9;
  private static final double DAY_MEAN = 69.7;
  private static final double DAY_DEVIATION = 29.4;

  /** Visible pictures darker than this are of the night, where the name does not say. */
  private static final double DUSK = 60;

  private static final double WHITE = 255;

  private ThermalStatistics() {}

  /**
   * The infrared pictures of a batch as MFNet expects them, each by itself: {@code [N, 3, H, W]}
   * and {@code [N, 1, H, W]} in 0 to 1. The visible picture says whether it is night.
   */
  public static Tensor raw(Tensor visible, Tensor infrared) {
    return moved(infrared, dark(visible));
  }

  /** The same of a pair whose name may say whether it is night, as MSRS's do. */
  static Tensor raw(String name, Tensor visible, Tensor infrared) {
    Tensor night = dark(visible);
    if (name.matches("\\d+[DN]")) {
      night.fill_(new Scalar(name.endsWith("N") ? 1 : 0));
    }
    return moved(infrared, night);
  }

  private static Tensor dark(Tensor visible) {
    return mean(visible).lt(new Scalar(DUSK / WHITE)).to(torch.ScalarType.Float);
  }

  private static Tensor moved(Tensor infrared, Tensor night) {
    Tensor mean = mean(infrared);
    Tensor deviation = mean(infrared.sub(mean).square()).sqrt().clamp_min(new Scalar(1e-3 / WHITE));
    Tensor gain = chosen(night, NIGHT_DEVIATION, DAY_DEVIATION).div(deviation);
    return infrared
        .sub(mean)
        .mul(gain)
        .add(chosen(night, NIGHT_MEAN, DAY_MEAN))
        .clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(1)));
  }

  /** Of each sample, {@code [N, 1, 1, 1]}. */
  private static Tensor mean(Tensor pictures) {
    return pictures.mean(new long[] {1, 2, 3}, true, null);
  }

  private static Tensor chosen(Tensor night, double atNight, double byDay) {
    return night.mul(new Scalar((atNight - byDay) / WHITE)).add(new Scalar(byDay / WHITE));
  }
}
