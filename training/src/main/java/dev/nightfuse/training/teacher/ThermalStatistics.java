package dev.nightfuse.training.teacher;

import dev.nightfuse.training.data.TrainingSample;
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

  /** The infrared levels as MFNet expects them, in 0 to 1. */
  static float[] raw(TrainingSample sample) {
    byte[] levels = sample.infrared();
    double sum = 0;
    double squares = 0;
    for (byte level : levels) {
      sum += level & 0xff;
      squares += (level & 0xff) * (level & 0xff);
    }
    double mean = sum / levels.length;
    double deviation = Math.sqrt(Math.max(1e-6, squares / levels.length - mean * mean));
    boolean night = night(sample);
    double gain = (night ? NIGHT_DEVIATION : DAY_DEVIATION) / deviation;
    double target = night ? NIGHT_MEAN : DAY_MEAN;
    float[] values = new float[levels.length];
    for (int i = 0; i < values.length; i++) {
      double level = ((levels[i] & 0xff) - mean) * gain + target;
      values[i] = (float) (Math.max(0, Math.min(255, level)) / 255);
    }
    return values;
  }

  /**
   * The same of a batch, each pair by itself: {@code [N, 3, H, W]} and {@code [N, 1, H, W]} in 0 to
   * 1. Names are not known; the visible picture says whether it is night.
   */
  public static Tensor raw(Tensor visible, Tensor infrared) {
    Tensor night = mean(visible).lt(new Scalar(DUSK / WHITE)).to(torch.ScalarType.Float);
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

  private static boolean night(TrainingSample sample) {
    if (sample.name().matches("\\d+[DN]")) {
      return sample.name().endsWith("N");
    }
    long sum = 0;
    for (byte level : sample.visibleRgb()) {
      sum += level & 0xff;
    }
    return sum < DUSK * sample.visibleRgb().length;
  }
}
