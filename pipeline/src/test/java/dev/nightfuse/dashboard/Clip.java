package dev.nightfuse.dashboard;

import dev.nightfuse.mp4.ParameterSets;
import dev.nightfuse.stream.ExternalTool;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.TinyH264;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A short piece of H.264, picture by picture, to be played in a loop. Begins with a key frame. */
record Clip(StreamInfo info, List<Picture> pictures) {

  record Picture(byte[] annexB, boolean keyFrame) {}

  /** Grey pictures that need no encoder. */
  static Clip tiny(int widthPx, int heightPx, int groupUnits) {
    TinyH264 encoder = new TinyH264(widthPx, heightPx, 30);
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < groupUnits; i++) {
      boolean key = i == 0;
      pictures.add(new Picture(key ? encoder.keyFrame(90) : encoder.repeat(), key));
    }
    return new Clip(encoder.info(), pictures);
  }

  /**
   * What an ordinary encoder makes of a source of ffmpeg, such as {@code testsrc2}, or of a file.
   */
  static Clip encoded(Path folder, List<String> input, String filter, int widthPx, int heightPx)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(folder, "clip", ".h264");
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
    command.addAll(input);
    String size = "scale=" + widthPx + ":" + heightPx + ":flags=fast_bilinear,fps=30";
    String filters = filter.isEmpty() ? size : filter + "," + size;
    List<String> encoder =
        words(
            "-an -t 8 -c:v libx264 -preset ultrafast -tune zerolatency -profile:v baseline"
                + " -threads 1 -g 60 -pix_fmt yuv420p -bsf:v h264_metadata=aud=insert -f h264");
    command.addAll(List.of("-vf", filters));
    command.addAll(encoder);
    command.add(file.toString());
    ExternalTool.Result result = ExternalTool.run(command);
    if (result.exitCode() != 0) {
      throw new AssertionError("ffmpeg failed: " + result.output());
    }
    byte[] stream = Files.readAllBytes(file);
    Files.delete(file);
    List<Picture> pictures = split(stream);
    byte[] first = pictures.get(0).annexB();
    byte[] sps = ParameterSets.sps(first);
    byte[] pps = ParameterSets.pps(first);
    if (sps == null || pps == null) {
      throw new AssertionError("the clip does not begin with parameter sets");
    }
    return new Clip(new StreamInfo(widthPx, heightPx, 30, sps, pps), pictures);
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" ", -1));
  }

  /** Cuts at access unit delimiters. */
  private static List<Picture> split(byte[] stream) {
    List<Integer> cuts = new ArrayList<>();
    for (int i = 0; i + 4 < stream.length; i++) {
      if (stream[i] == 0
          && stream[i + 1] == 0
          && stream[i + 2] == 0
          && stream[i + 3] == 1
          && (stream[i + 4] & 0x1f) == 9) {
        cuts.add(i);
      }
    }
    cuts.add(stream.length);
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i + 1 < cuts.size(); i++) {
      byte[] unit = Arrays.copyOfRange(stream, cuts.get(i), cuts.get(i + 1));
      pictures.add(new Picture(unit, ParameterSets.sps(unit) != null));
    }
    return pictures;
  }
}
