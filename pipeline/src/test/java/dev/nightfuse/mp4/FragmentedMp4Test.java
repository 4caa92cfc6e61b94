package dev.nightfuse.mp4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.TinyH264;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FragmentedMp4Test {

  private static final long ORIGIN_NS = 5_000_000_000L;
  private static final long WALL_NS = 1_795_000_000_000_000_000L;
  private static final long PERIOD_NS = 33_333_333;

  @TempDir Path folder;

  @Test
  void initSegment_highProfile_writesConfigurationRecord() {
    StreamInfo info = new StreamInfo(640, 480, 30, hex("67640028acd940a0"), hex("68ebe3cb22c0"));
    byte[] init = new FragmentedMp4(info, ORIGIN_NS, WALL_NS).initSegment();

    assertEquals(List.of("ftyp", "moov"), BoxReader.types(init));
    assertEquals("avc1.640028", FragmentedMp4.codec(info));
    ByteBuffer stsd = BoxReader.find(init, "moov/trak/mdia/minf/stbl/stsd");
    byte[] all = new byte[stsd.remaining()];
    stsd.get(all);
    String record = "01640028ffe1000867640028acd940a001000668ebe3cb22c0fdf8f800";
    assertEquals(1, HexFormat.of().formatHex(all).split(record, -1).length - 1);
  }

  @Test
  void initSegment_originWallTime_isCreationTime() {
    byte[] init =
        new FragmentedMp4(new TinyH264(64, 48, 30).info(), ORIGIN_NS, WALL_NS).initSegment();
    ByteBuffer mvhd = BoxReader.find(init, "moov/mvhd");
    assertEquals(WALL_NS / 1_000_000_000 + 2_082_844_800L, mvhd.getLong(4));
    assertEquals(90_000, mvhd.getInt(20));
  }

  @Test
  void fragment_annexBWithMixedStartCodes_becomesLengthPrefixedWithoutParameterSets() {
    FragmentedMp4 mp4 = tiny();
    byte[] annexB = hex("0000000109f000000001674200000001680000010605ff0000000165aabb0000");
    AccessUnit unit = new AccessUnit(annexB, true, 0, ORIGIN_NS, WALL_NS, 0);

    byte[] fragment = mp4.fragment(List.of(unit), ORIGIN_NS + PERIOD_NS);

    ByteBuffer mdat = BoxReader.find(fragment, "mdat");
    byte[] data = new byte[mdat.remaining()];
    mdat.get(data);
    assertArrayEquals(hex("00000003" + "0605ff" + "00000003" + "65aabb"), data);
  }

  @Test
  void fragment_severalUnits_hasExactTimesSizesAndFlags() {
    FragmentedMp4 mp4 = tiny();
    TinyH264 source = new TinyH264(64, 48, 30);
    mp4.fragment(List.of(source.unit(0, 3, ORIGIN_NS)), ORIGIN_NS + PERIOD_NS);
    long[] capturesNs = {ORIGIN_NS + 100_000_000, ORIGIN_NS + 140_000_000, ORIGIN_NS + 166_000_000};
    List<AccessUnit> units = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      units.add(source.unit(i, 3, capturesNs[i]));
    }

    byte[] fragment = mp4.fragment(units, ORIGIN_NS + 200_000_000);

    assertEquals(2, BoxReader.find(fragment, "moof/mfhd").getInt(4));
    assertEquals(9_000, BoxReader.find(fragment, "moof/traf/tfdt").getLong(4));
    ByteBuffer trun = BoxReader.find(fragment, "moof/traf/trun");
    assertEquals(3, trun.getInt(4));
    int moofAt = ByteBuffer.wrap(fragment).getInt(0);
    int moofSize = ByteBuffer.wrap(fragment).getInt(moofAt);
    assertEquals(moofSize + 8, trun.getInt(8));
    int[] durations = {3_600, 2_340, 3_060};
    int payload = 0;
    for (int i = 0; i < 3; i++) {
      assertEquals(durations[i], trun.getInt(12 + 12 * i));
      payload += trun.getInt(16 + 12 * i);
      assertEquals(i == 0 ? 0x0200_0000 : 0x0101_0000, trun.getInt(20 + 12 * i));
    }
    assertEquals(fragment.length - moofAt - moofSize - 8, payload);
  }

  @Test
  void fragment_halfSecondAfterOrigin_carriesItsWallTime() {
    AccessUnit unit = new TinyH264(64, 48, 30).unit(0, 3, ORIGIN_NS + 500_000_000);
    byte[] fragment = tiny().fragment(List.of(unit), ORIGIN_NS + 600_000_000);

    assertEquals(List.of("prft", "moof", "mdat"), BoxReader.types(fragment));
    ByteBuffer prft = BoxReader.find(fragment, "prft");
    assertEquals(unit.captureWallNs() / 1_000_000_000 + 2_208_988_800L, prft.getLong(8) >>> 32);
    assertEquals(0x8000_0000L, prft.getLong(8) & 0xffff_ffffL);
    assertEquals(45_000, prft.getLong(16));
  }

  @Test
  void mediaTime_oneDayAt30Hz_doesNotDrift() {
    FragmentedMp4 mp4 = tiny();
    long frames = 30L * 86_400;
    assertEquals(frames * 3_000, mp4.mediaTime(ORIGIN_NS + frames * 1_000_000_000L / 30));
  }

  @Test
  void fragment_beforeOriginOrEmpty_isRefused() {
    FragmentedMp4 mp4 = tiny();
    AccessUnit early = new TinyH264(64, 48, 30).unit(0, 3, ORIGIN_NS - 1_000_000);
    assertThrows(
        IllegalArgumentException.class, () -> mp4.fragment(List.of(early), ORIGIN_NS + PERIOD_NS));
    assertThrows(IllegalArgumentException.class, () -> mp4.fragment(List.of(), ORIGIN_NS));
  }

  @Test
  void file_oneFragmentPerPicture_isReadByFfprobeWithoutComplaint() throws Exception {
    assertProbed(write(1, 90));
  }

  @Test
  void file_manyPicturesPerFragment_isReadByFfprobeWithoutComplaint() throws Exception {
    assertProbed(write(15, 90));
  }

  private static void assertProbed(Path file) throws Exception {
    ExternalProcess.Result probe =
        ExternalProcess.run(
            "ffprobe",
            "-v",
            "warning",
            "-count_frames",
            "-show_entries",
            "stream=nb_read_frames,width,height,codec_tag_string:packet=pts,flags",
            "-of",
            "csv=p=0",
            file.toString());
    assertEquals(0, probe.exitCode(), probe.output());
    String[] lines = probe.output().split("\n", -1);
    assertEquals(91, lines.length, probe.output());
    assertEquals("avc1,64,48,90", lines[90]);
    for (int i = 0; i < 90; i++) {
      assertEquals("%d,%s".formatted(i * 3_000, i % 30 == 0 ? "K_" : "__"), lines[i]);
    }
  }

  @Test
  void file_manyPicturesPerFragment_decodesInFfmpegWithoutComplaint() throws Exception {
    Path file = write(15, 90);
    ExternalProcess.Result decode =
        ExternalProcess.run(
            "ffmpeg", "-v", "warning", "-xerror", "-i", file.toString(), "-f", "null", "-");
    assertEquals("", decode.output());
    assertEquals(0, decode.exitCode());
  }

  @Test
  void file_manyPicturesPerFragment_playsThroughGstreamer() throws Exception {
    Path file = write(15, 90);
    Path decoded = folder.resolve("out.gray");
    ExternalProcess.Result play =
        ExternalProcess.run(
            "gst-launch-1.0",
            "-q",
            "filesrc",
            "location=" + file,
            "!",
            "qtdemux",
            "!",
            "h264parse",
            "!",
            "avdec_h264",
            "!",
            "videoconvert",
            "!",
            "video/x-raw,format=GRAY8",
            "!",
            "filesink",
            "location=" + decoded);
    assertEquals(0, play.exitCode(), play.output());
    assertEquals(90L * 64 * 48, Files.size(decoded), play.output());
  }

  @Test
  void file_finished_durationIsReadByFfprobe() throws Exception {
    Path file = write(15, 90);
    ExternalProcess.Result probe =
        ExternalProcess.run(
            "ffprobe",
            "-v",
            "warning",
            "-show_entries",
            "format=duration",
            "-of",
            "csv=p=0",
            file.toString());
    assertEquals(3.0, Double.parseDouble(probe.output()), 0.001);
  }

  private Path write(int unitsPerFragment, int count) throws Exception {
    TinyH264 source = new TinyH264(64, 48, 30);
    FragmentedMp4 mp4 = new FragmentedMp4(source.info(), ORIGIN_NS, WALL_NS);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(mp4.initSegment());
    List<AccessUnit> pending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pending.add(source.unit(i, 30, ORIGIN_NS + i * PERIOD_NS));
      if (pending.size() == unitsPerFragment) {
        out.writeBytes(mp4.fragment(pending, ORIGIN_NS + (i + 1) * PERIOD_NS));
        pending.clear();
      }
    }
    return Files.write(folder.resolve("file.mp4"), out.toByteArray());
  }

  private static FragmentedMp4 tiny() {
    return new FragmentedMp4(new TinyH264(64, 48, 30).info(), ORIGIN_NS, WALL_NS);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
