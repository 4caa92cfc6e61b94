package dev.nightfuse.mp4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.mp4.FileRepair.Outcome;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.TinyH264;
import dev.nightfuse.testing.Videos;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRepairTest {

  private static final int FRAGMENTS = 3;
  private static final int UNITS = 3;
  private static final long PERIOD_NS = 40_000_000;

  @TempDir Path folder;

  private Path file;

  /** Ends of the initialisation segment and of each fragment. */
  private final List<Integer> ends = new ArrayList<>();

  private byte[] whole = {};

  @BeforeEach
  void write() {
    file = folder.resolve("torn.mp4");
    TinyH264 source = new TinyH264(16, 16, 25);
    FragmentedMp4 mp4 = new FragmentedMp4(source.info(), 0, 0);
    RandomAccessIndex index = new RandomAccessIndex();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(mp4.initSegment());
    ends.add(out.size());
    for (int f = 0; f < FRAGMENTS; f++) {
      List<AccessUnit> units = new ArrayList<>();
      for (int i = 0; i < UNITS; i++) {
        int number = f * UNITS + i;
        units.add(source.unit(number, 2 * UNITS, number * PERIOD_NS));
      }
      byte[] fragment = mp4.fragment(units, (f + 1L) * UNITS * PERIOD_NS);
      if (f % 2 == 0) {
        index.add(
            mp4.mediaTime((long) f * UNITS * PERIOD_NS),
            out.size() + ByteBuffer.wrap(fragment).getInt(0));
      }
      out.writeBytes(fragment);
      ends.add(out.size());
    }
    out.writeBytes(index.toBytes());
    whole = out.toByteArray();
  }

  @Test
  void repair_finishedFile_isNotTouched() throws Exception {
    Files.write(file, whole);
    assertEquals(Outcome.WHOLE, FileRepair.repair(file));
    assertArrayEquals(whole, Files.readAllBytes(file));
  }

  @Test
  void repair_cutAnywhere_keepsExactlyTheWholeFragments() throws Exception {
    for (int cut = 0; cut < whole.length; cut++) {
      int at = cut;
      if (cut % 5 != 0 && ends.stream().noneMatch(end -> Math.abs(end - at) < 40)) {
        continue;
      }
      Files.write(file, Arrays.copyOf(whole, cut));
      assertRepaired(cut, "cut at " + cut);
    }
  }

  @Test
  void repair_zerosFromAnywhere_keepsExactlyTheWholeFragments() throws Exception {
    for (int cut = ends.get(0); cut < ends.get(FRAGMENTS); cut += 17) {
      byte[] zeroed = Arrays.copyOf(Arrays.copyOf(whole, cut), whole.length);
      Files.write(file, zeroed);
      Outcome outcome = FileRepair.repair(file);
      int fragments = fragmentsBefore(cut);
      // Zeros may begin inside the last sample, where a box cannot tell; never is a fragment lost.
      if (outcome == Outcome.EMPTY) {
        assertEquals(0, fragments);
      } else if (outcome == Outcome.FOREIGN) {
        // Some pictures of the only fragment: not enough to repair, too much to delete.
        assertEquals(0, fragments);
        assertArrayEquals(zeroed, Files.readAllBytes(file));
      } else {
        assertTrue(Files.size(file) >= ends.get(fragments), "zeros from " + cut);
        assertEquals(Outcome.WHOLE, FileRepair.repair(file));
      }
    }
  }

  @Test
  void repair_garbageBehindAFragment_isCutOff() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, ends.get(2));
    out.writeBytes("this is no box, it is text".repeat(20).getBytes(StandardCharsets.US_ASCII));
    Files.write(file, out.toByteArray());
    assertRepaired(ends.get(2), "garbage");
  }

  @Test
  void repair_zerosFromBeforeTheFirstPicture_isEmpty() throws Exception {
    int prftBytes = ByteBuffer.wrap(whole).getInt(ends.get(0));
    int moofBytes = ByteBuffer.wrap(whole).getInt(ends.get(0) + prftBytes);
    int picturesAt = ends.get(0) + prftBytes + moofBytes + 8;
    for (int cut = 0; cut <= picturesAt; cut++) {
      Files.write(file, Arrays.copyOf(Arrays.copyOf(whole, cut), 200_000));
      assertEquals(Outcome.EMPTY, FileRepair.repair(file), "zeros from " + cut);
    }
  }

  @Test
  void repair_foreignFiles_areNotTouched() throws Exception {
    byte[] text =
        "a text file that someone named .mp4, longer than a box"
            .repeat(3)
            .getBytes(StandardCharsets.US_ASCII);
    assertForeign("text", text);
    assertForeign("short text", Arrays.copyOf(text, 30));
    byte[] ftyp = Arrays.copyOf(whole, 28);
    byte[] init = Arrays.copyOf(whole, ends.get(0));
    byte[] data = "\1\2\3\4".repeat(50).getBytes(StandardCharsets.US_ASCII);
    assertForeign("as cameras write", join(ftyp, box("mdat", 208), data, box("moov", 8)));
    assertForeign("as ffmpeg writes", join(ftyp, box("free", 8), box("mdat", 208), data));
    assertForeign("data to the end", join(ftyp, box("mdat", 0), data));
    assertForeign("data with a long size", join(ftyp, box("mdat", 1), data));
    assertForeign("data still being written", join(ftyp, box("mdat", 5_000), data));
    assertForeign("index first", join(init, box("mdat", 208), data));
    assertForeign("index first, room behind it", join(init, box("free", 8), box("mdat", 0), data));
    assertForeign("index first, half a download", join(init, box("mdat", 5_000), data));
    assertForeign("fragments of others", join(init, box("moof", 8), box("mdat", 208), data));
  }

  @Test
  void repair_filesThatFfmpegMadeOfOne_areNotTouched() throws Exception {
    Path recording = folder.resolve("recording.mp4");
    Files.write(recording, whole);
    for (String flags :
        List.of(
            "0",
            "faststart",
            "frag_keyframe+empty_moov",
            "frag_keyframe+empty_moov+skip_trailer",
            "frag_keyframe+empty_moov+default_base_moof+skip_trailer",
            "dash+frag_keyframe+skip_trailer")) {
      Files.deleteIfExists(file);
      String[] command =
          ("ffmpeg -v error -i IN -c copy -movflags " + flags + " OUT").split(" ", -1);
      command[4] = recording.toString();
      command[9] = file.toString();
      assertEquals("", ExternalProcess.run(command).output(), flags);
      byte[] made = Files.readAllBytes(file);
      Outcome outcome = FileRepair.repair(file);
      assertTrue(outcome == Outcome.FOREIGN || outcome == Outcome.WHOLE, flags + ": " + outcome);
      assertArrayEquals(made, Files.readAllBytes(file), flags);
    }
  }

  @Test
  void repair_cutFiles_areReadByFfprobeWithoutComplaint() throws Exception {
    ExternalProcess.require("ffprobe");
    for (int cut = ends.get(1); cut < whole.length; cut += 211) {
      Files.write(file, Arrays.copyOf(whole, cut));
      FileRepair.repair(file);
      assertEquals(fragmentsBefore(cut) * UNITS, Videos.frames(file), "cut at " + cut);
    }
  }

  private void assertForeign(String what, byte[] bytes) throws Exception {
    Files.write(file, bytes);
    assertEquals(Outcome.FOREIGN, FileRepair.repair(file), what);
    assertArrayEquals(bytes, Files.readAllBytes(file), what);
  }

  private static byte[] box(String type, int size) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(8).putInt(size).put(name).array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private void assertRepaired(int cut, String what) throws Exception {
    int fragments = fragmentsBefore(cut);
    Outcome outcome = FileRepair.repair(file);
    if (fragments == 0) {
      assertEquals(Outcome.EMPTY, outcome, what);
      return;
    }
    assertEquals(Outcome.REPAIRED, outcome, what);
    byte[] repaired = Files.readAllBytes(file);
    int end = ends.get(fragments);
    assertArrayEquals(Arrays.copyOf(whole, end), Arrays.copyOf(repaired, end), what);
    List<String> types = BoxReader.types(repaired);
    assertEquals("mfra", types.get(types.size() - 1), what);
    assertEquals(2 + 3 * fragments + 1, types.size(), what);
    if (fragments == FRAGMENTS) {
      assertArrayEquals(whole, repaired, what);
    }
    assertEquals(Outcome.WHOLE, FileRepair.repair(file), what);
  }

  private int fragmentsBefore(int cut) {
    return (int) ends.stream().skip(1).filter(end -> end <= cut).count();
  }
}
