package dev.nightfuse.overlay;

/** A colour as video samples: BT.601, limited range (luma 16 to 235, chroma 16 to 240). */
record Yuv(int y, int u, int v) {

  static Yuv ofRgb(int rgb) {
    int r = (rgb >> 16) & 0xff;
    int g = (rgb >> 8) & 0xff;
    int b = rgb & 0xff;
    return new Yuv(
        (int) Math.round(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255),
        (int) Math.round(128 + (-37.797 * r - 74.203 * g + 112.0 * b) / 255),
        (int) Math.round(128 + (112.0 * r - 93.786 * g - 18.214 * b) / 255));
  }
}
