package dev.nightfuse.testing;

import dev.nightfuse.mp4.ParameterSets;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;

/**
 * A short piece of H.264, picture by picture, to be played in a loop: made up, grey, or from an
 * encoder of this machine. Begins with a key frame.
 */
public record H264Sample(StreamInfo info, List<Picture> pictures) {

  private static final byte[] START_CODE = {0, 0, 0, 1};

  /** Start code, header and one byte of payload (H.264 section 7.3.2.4). */
  private static final int DELIMITER_BYTES = 6;

  private static final byte[] SPS = {0x67, 0x42, (byte) 0xc0, 0x1f, 0x55, 0x66};
  private static final byte[] PPS = {0x68, (byte) 0xce, 0x3c, (byte) 0x80 | 1};

  /** One picture: its NAL units with start codes. */
  public record Picture(byte[] payload, boolean keyFrame) {

    public AccessUnit unit(long sequence, long captureNs, long captureWallNs) {
      return new AccessUnit(payload, keyFrame, sequence, captureNs, captureWallNs, 0);
    }
  }

  /** No decoder would take these, but their framing is right; a key frame every {@code gop}. */
  public static H264Sample synthetic(int count, int gop, int sliceBytes) {
    Random random = new Random(sliceBytes);
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean key = i % gop == 0;
      byte[] slice = new byte[sliceBytes];
      for (int at = 0; at < sliceBytes; at++) {
        slice[at] = (byte) (1 + random.nextInt(255)); // no zero, hence no start code
      }
      slice[0] = (byte) (key ? 0x65 : 0x41);
      pictures.add(new Picture(key ? annexB(SPS, PPS, slice) : annexB(slice), key));
    }
    return new H264Sample(new StreamInfo(64, 48, 30, SPS, PPS), pictures);
  }

  /** Grey pictures that every decoder takes and that need no encoder. */
  public static H264Sample tiny(int widthPx, int heightPx, int groupUnits) {
    TinyH264 encoder = new TinyH264(widthPx, heightPx, 30);
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < groupUnits; i++) {
      boolean key = i == 0;
      pictures.add(new Picture(key ? encoder.keyFrame(90) : encoder.repeat(), key));
    }
    return new H264Sample(encoder.info(), pictures);
  }

  /** Test pattern of {@code seconds} at 30 fps, two key frames a second. */
  public static H264Sample encoded(int widthPx, int heightPx, int seconds)
      throws IOException, InterruptedException {
    String pattern = "testsrc2=size=%dx%d:rate=30".formatted(widthPx, heightPx);
    return encoded(List.of("-f", "lavfi", "-i", pattern), "", widthPx, heightPx, seconds);
  }

  /** What libx264 makes of an input of ffmpeg, at 30 fps with two key frames a second. */
  public static H264Sample encoded(
      List<String> input, String filter, int widthPx, int heightPx, int seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error"));
    command.addAll(input);
    String size = "scale=%d:%d:flags=fast_bilinear,fps=30".formatted(widthPx, heightPx);
    command.addAll(List.of("-vf", filter.isEmpty() ? size : filter + "," + size));
    String encoder =
        "-an -t %d -pix_fmt yuv420p -c:v libx264 -preset ultrafast -tune zerolatency -threads 1"
            + " -profile:v baseline -g 15 -x264-params aud=1:repeat-headers=1:scenecut=0 -f h264 -";
    command.addAll(List.of(encoder.formatted(seconds).split(" ", -1)));
    ExternalProcess.Result result = ExternalProcess.run(command.toArray(new String[0]));
    Assumptions.assumeTrue(
        result.exitCode() == 0, "ffmpeg cannot encode H.264: " + result.stderr());
    List<Picture> pictures = split(result.stdout());
    byte[] first = pictures.get(0).payload();
    byte[] sps = ParameterSets.sps(first);
    byte[] pps = ParameterSets.pps(first);
    if (sps == null || pps == null) {
      throw new AssertionError("the sample does not begin with parameter sets");
    }
    return new H264Sample(new StreamInfo(widthPx, heightPx, 30, sps, pps), pictures);
  }

  /** This sample, then the other one; described as this one. */
  public H264Sample followedBy(H264Sample other) {
    List<Picture> all = new ArrayList<>(pictures);
    all.addAll(other.pictures);
    return new H264Sample(info, all);
  }

  public static byte[] annexB(byte[]... nals) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] nal : nals) {
      out.writeBytes(START_CODE);
      out.writeBytes(nal);
    }
    return out.toByteArray();
  }

  /** Cuts a stream at its access unit delimiters and leaves them out. */
  private static List<Picture> split(byte[] stream) {
    List<Picture> pictures = new ArrayList<>();
    int begin = delimiter(stream, 0);
    while (begin < stream.length) {
      int end = delimiter(stream, begin + 1);
      byte[] payload = Arrays.copyOfRange(stream, begin + DELIMITER_BYTES, end);
      pictures.add(new Picture(payload, ParameterSets.hasIdr(payload)));
      begin = end;
    }
    return pictures;
  }

  /** Where the next access unit delimiter is; the end where there is none. */
  private static int delimiter(byte[] stream, int from) {
    for (int at = from; at + DELIMITER_BYTES <= stream.length; at++) {
      if (Arrays.equals(stream, at, at + 4, START_CODE, 0, 4) && (stream[at + 4] & 0x1f) == 9) {
        return at;
      }
    }
    return stream.length;
  }
}
