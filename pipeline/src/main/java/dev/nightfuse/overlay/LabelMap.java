package dev.nightfuse.overlay;

import java.nio.ByteBuffer;

/** Class numbers, row by row, at any scale to the picture. Read with absolute access only. */
record LabelMap(ByteBuffer labels, int widthPx, int heightPx) {

  LabelMap {
    if (labels.capacity() < widthPx * heightPx) {
      throw new IllegalArgumentException(
          "label map of %d bytes: %dx%d needed".formatted(labels.capacity(), widthPx, heightPx));
    }
  }
}
