package dev.nightfuse.camera.replay;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Still pictures that can be replayed, and the element that decodes them. */
enum PictureType {
  PNG("pngdec", "png"),
  JPEG("jpegdec", "jpg, jpeg"),
  BMP("gdkpixbufdec", "bmp");

  private final String decoder;
  private final String extensions;

  PictureType(String decoder, String extensions) {
    this.decoder = decoder;
    this.extensions = extensions;
  }

  String decoder() {
    return decoder;
  }

  /** The type that a file's name says, or null. */
  static @Nullable PictureType of(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    for (PictureType type : values()) {
      if (List.of(type.extensions.split(", ", -1)).contains(extension)) {
        return type;
      }
    }
    return null;
  }

  static String known() {
    return Arrays.stream(values()).map(type -> type.extensions).collect(Collectors.joining(", "));
  }
}
