package dev.nightfuse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** What ffmpeg and ffprobe say about a video file, and files that ffmpeg makes. */
public final class Videos {

  private Videos() {}

  /** Frames that a decoder gets out of it, 0 for none; fails when it complains. */
  public static int frames(Path file) throws IOException, InterruptedException {
    ExternalProcess.Result probe = probe("-count_frames -show_entries stream=nb_read_frames", file);
    assertEquals("", probe.stderr(), file.toString());
    String frames = probe.text().strip();
    return frames.equals("N/A") ? 0 : Integer.parseInt(frames);
  }

  /** Width, height. */
  public static String size(Path file) throws IOException, InterruptedException {
    return probe("-show_entries stream=width,height", file).text().strip();
  }

  /** Its first picture. */
  public static BufferedImage picture(Path file) throws IOException, InterruptedException {
    Path png = file.resolveSibling(file.getFileName() + ".png");
    String[] words = "ffmpeg -v error -y -i FILE -frames:v 1 PNG".split(" ", -1);
    words[5] = file.toString();
    words[8] = png.toString();
    assertEquals("", ExternalProcess.run(words).output());
    return ImageIO.read(png.toFile());
  }

  private static ExternalProcess.Result probe(String what, Path file)
      throws IOException, InterruptedException {
    String command = "ffprobe -v warning -select_streams v:0 %s -of csv=p=0".formatted(what);
    String[] words = (command + " FILE").split(" ", -1);
    words[words.length - 1] = file.toString();
    return ExternalProcess.run(words);
  }

  /** A video of a source of ffmpeg's lavfi, such as {@code testsrc2=size=320x240:rate=30}. */
  public static Path make(Path file, String source, int frames)
      throws IOException, InterruptedException {
    return make(file, source, frames, "yuv420p");
  }

  /** Likewise, in another pixel format: {@code yuv444p} may have odd sides. */
  public static Path make(Path file, String source, int frames, String pixels)
      throws IOException, InterruptedException {
    ExternalProcess.Result result =
        ExternalProcess.run(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            source,
            "-frames:v",
            Integer.toString(frames),
            "-pix_fmt",
            pixels,
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            file.toString());
    assertEquals("", result.output());
    return file;
  }
}
