package dev.nightfuse.app;

import java.awt.image.BufferedImage;

/** Finds the status line that the program writes on a picture that is less than it should be. */
final class StatusLine {

  private StatusLine() {}

  /** Whether there is lettering of full contrast near the upper edge. */
  static boolean isOn(BufferedImage picture) {
    int edges = 0;
    for (int y = 0; y < picture.getHeight() / 8; y++) {
      for (int x = 1; x < picture.getWidth(); x++) {
        edges += Math.abs(grey(picture, x, y) - grey(picture, x - 1, y)) > 110 ? 1 : 0;
      }
    }
    return edges > 60;
  }

  private static int grey(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) >> 8 & 0xff;
  }
}
