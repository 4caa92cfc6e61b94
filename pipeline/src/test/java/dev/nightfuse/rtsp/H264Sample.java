package dev.nightfuse.rtsp;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Pictures to serve: made-up ones of any size, or real video from an encoder of this machine. */
final class H264Sample {
  private static final byte[] START_CODE = {0, 0, 0, 1};
  private static final byte[] SPS = {0x67, 0x42, (byte) 0xc0, 0x1f, 0x55, 0x66};
  private static final byte[] PPS = {0x68, (byte) 0xce, 0x3c, (byte) 0x80 | 1};

  /** One picture: its NAL units with start codes. */
  record Picture(byte[] payload, boolean keyFrame) {

    AccessUnit unit(long sequence, long captureNs, long captureWallNs) {
      return new AccessUnit(payload, keyFrame, sequence, captureNs, captureWallNs);
    }
  }

  private final StreamInfo info;
  private final List<Picture> pictures;

  private H264Sample(StreamInfo info, List<Picture> pictures) {
    this.info = info;
    this.pictures = pictures;
  }

  StreamInfo info() {
    return info;
  }

  List<Picture> pictures() {
    return pictures;
  }

  /** No decoder would take these, but their framing is right; a key frame every {@code gop}. */
  static H264Sample synthetic(int count, int gop, int sliceBytes) {
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

  /** This sample, then the other one; described as this one. */
  H264Sample followedBy(H264Sample other) {
    List<Picture> all = new ArrayList<>(pictures);
    all.addAll(other.pictures);
    return new H264Sample(info, all);
  }

  static byte[] annexB(byte[]... nals) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] nal : nals) {
      out.writeBytes(START_CODE);
      out.writeBytes(nal);
    }
    return out.toByteArray();
  }

  /** Test pattern of {@code seconds} at 30 fps, two key frames a second, from libx264. */
  static H264Sample encoded(int widthPx, int heightPx, int seconds)
      throws IOException, InterruptedException {
    ExternalProcess.assumeInstalled("ffmpeg");
    ExternalProcess.Result result =
        ExternalProcess.run(
            60,
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=" + widthPx + "x" + heightPx + ":rate=30:duration=" + seconds,
            "-pix_fmt",
            "yuv420p",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-g",
            "15",
            "-x264-params",
            "aud=1:repeat-headers=1:scenecut=0",
            "-f",
            "h264",
            "-");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        result.exitCode() == 0, "ffmpeg cannot encode H.264: " + result.stderr());
    return split(result.stdout(), widthPx, heightPx);
  }

  /** Cuts a stream at its access unit delimiters and leaves them out. */
  private static H264Sample split(byte[] stream, int widthPx, int heightPx) {
    NalUnits nals = new NalUnits();
    int count = nals.scan(stream);
    List<Picture> pictures = new ArrayList<>();
    List<byte[]> current = new ArrayList<>();
    byte[] sps = SPS;
    byte[] pps = PPS;
    for (int i = 0; i <= count; i++) {
      byte[] nal =
          i == count ? new byte[] {9} : Arrays.copyOfRange(stream, nals.start(i), nals.end(i));
      int type = nal[0] & 0x1f;
      if (type == 9) {
        if (!current.isEmpty()) {
          boolean key = current.stream().anyMatch(n -> (n[0] & 0x1f) == 5);
          pictures.add(new Picture(annexB(current.toArray(new byte[0][])), key));
          current.clear();
        }
        continue;
      }
      sps = type == 7 ? nal : sps;
      pps = type == 8 ? nal : pps;
      current.add(nal);
    }
    return new H264Sample(new StreamInfo(widthPx, heightPx, 30, sps, pps), pictures);
  }
}
