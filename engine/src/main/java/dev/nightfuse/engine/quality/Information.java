package dev.nightfuse.engine.quality;

/** Metrics of grey level histograms. */
final class Information {

  private static final int LEVELS = 256;

  private Information() {}

  static double entropyBits(GrayImage image) {
    int[] counts = new int[LEVELS];
    for (int i = 0; i < image.pixels(); i++) {
      counts[image.level(i)]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double p = (double) count / image.pixels();
        bits -= p * Math.log(p) / Math.log(2);
      }
    }
    return bits;
  }

  /** Mutual information of two pictures in nats. */
  static double sharedNats(GrayImage a, GrayImage b) {
    int[] joint = new int[LEVELS * LEVELS];
    int[] ofA = new int[LEVELS];
    int[] ofB = new int[LEVELS];
    for (int i = 0; i < a.pixels(); i++) {
      joint[a.level(i) * LEVELS + b.level(i)]++;
      ofA[a.level(i)]++;
      ofB[b.level(i)]++;
    }
    double n = a.pixels();
    double nats = 0;
    for (int cell = 0; cell < joint.length; cell++) {
      if (joint[cell] > 0) {
        double independent = (double) ofA[cell / LEVELS] * ofB[cell % LEVELS];
        nats += joint[cell] / n * Math.log(joint[cell] * n / independent);
      }
    }
    return nats;
  }
}
