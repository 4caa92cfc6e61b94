package dev.nightfuse.training.teacher;

import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.data.TrainingSample.Box;

/**
 * Finds the object in a box drawn by people, without a network of its own: where such objects
 * usually fill their box, what the teacher says, how the levels inside differ from those around it,
 * and that neighbours of like levels belong together. Levels are luma with infrared, and chroma.
 * The two are compared by histograms that are estimated anew from each answer.
 */
final class BoxSegmenter {

  /** How much the parts count against one another; logits are in natural units. */
  record Weights(double shape, double teacher, double levels, double chroma, double neighbours) {
    static final Weights USUAL = new Weights(1, 0.5, 0.8, 0.4, 0.7);
  }

  private static final int BINS = 12;
  private static final int ROUNDS = 4;
  private static final int SWEEPS = 4;
  private static final double MOST = 3;

  /** A box that comes so near to the picture's edge is cut by it. */
  private static final double CUT_PX = 3;

  private final ShapePrior prior;
  private final Weights weights;

  BoxSegmenter(ShapePrior prior, Weights weights) {
    this.prior = prior;
    this.weights = weights;
  }

  /** Probabilities of the object in a window around its box. */
  record Found(int left, int top, int widthPx, int heightPx, float[] object) {}

  Found find(TrainingSample sample, SoftLabels teacher, Box box) {
    double boxWidth = box.right() - box.left();
    double boxHeight = box.bottom() - box.top();
    int margin = (int) Math.round(Math.max(4, 0.3 * Math.min(boxWidth, boxHeight)));
    int left = Math.max(0, (int) box.left() - margin);
    int top = Math.max(0, (int) box.top() - margin);
    int right = Math.min(sample.widthPx(), (int) Math.ceil(box.right()) + margin);
    int bottom = Math.min(sample.heightPx(), (int) Math.ceil(box.bottom()) + margin);
    LevelWindow window = new LevelWindow(sample, left, top, right - left, bottom - top, BINS);
    int n = window.size();
    float[] base = new float[n];
    boolean[] inside = new boolean[n];
    float[] object = new float[n];
    for (int i = 0; i < n; i++) {
      int x = left + i % window.widthPx();
      int y = top + i / window.widthPx();
      double shape =
          prior.at(
              box.label(),
              whole(
                  box,
                  (x + 0.5 - box.left()) / boxWidth,
                  box.left(),
                  box.right(),
                  sample.widthPx()),
              whole(
                  box,
                  (y + 0.5 - box.top()) / boxHeight,
                  box.top(),
                  box.bottom(),
                  sample.heightPx()));
      inside[i] = shape > 0;
      double told = teacher.at(box.label(), x, y);
      base[i] =
          (float) (weights.shape() * logit(shape, 0.02) + weights.teacher() * logit(told, 0.08));
      object[i] = inside[i] ? sigmoid(base[i]) : 0;
    }
    for (int round = 0; round < ROUNDS; round++) {
      float[] levels = window.evidence(object, window.brightness());
      float[] chroma = window.evidence(object, window.colour());
      float[] field = new float[n];
      for (int i = 0; i < n; i++) {
        field[i] =
            base[i]
                + (float)
                    (weights.levels() * bounded(levels[i]) + weights.chroma() * bounded(chroma[i]));
      }
      for (int sweep = 0; sweep < SWEEPS; sweep++) {
        float[] pull = window.neighbours(object);
        for (int i = 0; i < n; i++) {
          object[i] = inside[i] ? sigmoid((float) (field[i] + weights.neighbours() * pull[i])) : 0;
        }
      }
    }
    return new Found(
        left, top, window.widthPx(), bottom - top, smooth(object, window.widthPx(), inside));
  }

  /** Whether the picture's edge cuts the object. */
  static boolean cut(Box box, TrainingSample sample) {
    return box.left() <= CUT_PX
        || box.top() <= CUT_PX
        || box.right() >= sample.widthPx() - CUT_PX
        || box.bottom() >= sample.heightPx() - CUT_PX;
  }

  /** Noise of single pixels taken out by a binomial 5x5. */
  private static float[] smooth(float[] object, int width, boolean[] inside) {
    float[] result = object;
    for (int pass = 0; pass < 2; pass++) {
      float[] from = result;
      float[] to = new float[from.length];
      for (int i = 0; i < from.length; i++) {
        if (inside[i]) {
          float sum = 0;
          float total = 0;
          for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
              int x = i % width + dx;
              int at = i + dy * width + dx;
              // Outside of the box nothing is known of the object, so it does not eat into it.
              if (x >= 0 && x < width && at >= 0 && at < from.length && inside[at]) {
                int weight = (2 - Math.abs(dx)) * (2 - Math.abs(dy));
                sum += weight * from[at];
                total += weight;
              }
            }
          }
          to[i] = sum / total;
        }
      }
      result = to;
    }
    return result;
  }

  /**
   * An object that the picture's edge cuts is not round there: half of the box on that side counts
   * as its middle. People are narrow enough to leave out.
   */
  private static double whole(Box box, double share, double low, double high, int size) {
    if (share < 0 || share >= 1 || box.label() == LabelRefiner.PERSON) {
      return share;
    }
    double from = low <= CUT_PX ? 0.5 : 0;
    double to = high >= size - CUT_PX ? 0.5 : 1;
    return Math.max(from, Math.min(to, share));
  }

  private static double bounded(double evidence) {
    return Math.max(-MOST, Math.min(MOST, evidence));
  }

  private static double logit(double probability, double least) {
    double p = Math.max(least, Math.min(1 - least, probability));
    return Math.log(p / (1 - p));
  }

  private static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
