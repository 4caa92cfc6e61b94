package dev.nightfuse.encode;

import dev.nightfuse.gst.GstRuntime;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the chooser asks of the machine; tests answer for it. Safe for every thread. */
interface EncoderMachine {

  /** Whether the GStreamer element is installed. */
  boolean hasElement(String element);

  /** Whether a device node of this glob exists, such as {@code /dev/dri/renderD*}. */
  boolean hasNode(String glob);

  /** Encodes a few frames in another process; null when it worked, else why not. */
  @Nullable String trial(EncoderKind kind);

  static EncoderMachine real(GstRuntime gst) {
    return new EncoderMachine() {
      @Override
      public boolean hasElement(String element) {
        return gst.has(element);
      }

      @Override
      public boolean hasNode(String glob) {
        Path path = Path.of(glob);
        Path folder = path.getParent();
        Path name = path.getFileName();
        if (folder == null || name == null || !Files.isDirectory(folder)) {
          return false;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name.toString())) {
          return found.iterator().hasNext();
        } catch (IOException e) {
          return false;
        }
      }

      @Override
      public @Nullable String trial(EncoderKind kind) {
        return EncoderTrial.run(kind.element(), EncoderTrial.TIMEOUT_MS);
      }
    };
  }
}
