package dev.nightfuse.camera.simulated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import dev.nightfuse.frame.PixelFormat;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulatedPictureTest {

  private static final String SMALL = "simulated:night?size=320x240&fps=2&ir_fps=2&frames=16";

  @ParameterizedTest
  @EnumSource
  void frames_sameSeed_areTheSame(Modality modality) throws Exception {
    List<Long> first = hashes(Take.of(SMALL + "&seed=7", modality));
    List<Long> again = hashes(Take.of(SMALL + "&seed=7", modality));
    assertEquals(16, first.size());
    assertEquals(first, again);
    assertEquals(16, first.stream().distinct().count(), "every frame differs from the others");
  }

  @ParameterizedTest
  @EnumSource
  void frames_otherSeed_differ(Modality modality) throws Exception {
    assertNotEquals(
        hashes(Take.of(SMALL + "&seed=7", modality)), hashes(Take.of(SMALL + "&seed=8", modality)));
  }

  private static List<Long> hashes(Take take) {
    return take.shots.stream().map(Take.Shot::pixelHash).toList();
  }

  @Test
  void formats_followOptions() throws Exception {
    String address = "simulated:night?size=320x240&ir_size=160x120&frames=1";
    assertEquals(
        List.of(new FrameFormat(PixelFormat.I420, 320, 240)),
        Take.of(address, Modality.VISIBLE).formats);
    assertEquals(
        List.of(new FrameFormat(PixelFormat.GRAY8, 160, 120)),
        Take.of(address, Modality.INFRARED).formats);
  }

  @Test
  void infrared_people_areWarmerThanTheRest() throws Exception {
    Take take = Take.of(SMALL + "&seed=3", Modality.INFRARED);
    long people = 0;
    long peopleSum = 0;
    long rest = 0;
    long restSum = 0;
    for (Take.Shot shot : take.shots) {
      for (int i = 0; i < shot.classes().length; i++) {
        int grey = shot.pixels()[i] & 0xFF;
        if (shot.classes()[i] == 2) {
          people++;
          peopleSum += grey;
        } else if (shot.classes()[i] == 0) {
          rest++;
          restSum += grey;
        }
      }
    }
    assertTrue(people > 500, "people in the picture: " + people + " pixels");
    double warm = peopleSum / (double) people;
    double cold = restSum / (double) rest;
    assertTrue(warm > cold + 50, "people " + warm + ", surroundings " + cold);
  }

  @Test
  void classMap_overAMinuteOfDriving_hasEveryClass() throws Exception {
    BitSet seen = new BitSet();
    String address = "simulated:night?size=320x240&fps=4&frames=240&seed=3";
    for (Take.Shot shot : Take.of(address, Modality.VISIBLE).shots) {
      for (byte label : shot.classes()) {
        seen.set(label);
      }
    }
    assertEquals(GroundTruth.CLASSES.size(), seen.cardinality(), "classes seen: " + seen);
    assertEquals(GroundTruth.CLASSES.size(), seen.length());
  }

  @Test
  void visible_isDark_withSomeLights() throws Exception {
    Take take = Take.of(SMALL + "&seed=3", Modality.VISIBLE);
    int dark = 0;
    int bright = 0;
    int all = 0;
    for (Take.Shot shot : take.shots) {
      for (byte sample : shot.pixels()) {
        int luma = sample & 0xFF;
        all++;
        dark += luma < 90 ? 1 : 0;
        bright += luma > 200 ? 1 : 0;
      }
    }
    assertTrue(dark > 0.75 * all, "dark share " + dark / (double) all);
    assertTrue(bright > 0.0003 * all && bright < 0.05 * all, "bright " + bright / (double) all);
  }

  @Test
  void classMaps_identityRig_areTheSame() throws Exception {
    String address = SMALL + "&seed=5&rig=identity";
    Take visible = Take.of(address, Modality.VISIBLE);
    Take infrared = Take.of(address, Modality.INFRARED);
    for (int i = 0; i < visible.shots.size(); i++) {
      assertArrayEquals(visible.shots.get(i).classes(), infrared.shots.get(i).classes());
    }
    assertEquals(
        List.of(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        SimulatedAdapter.infraredToVisible(CameraUri.parse(address)));
  }

  @Test
  void classMaps_mountedRig_agreeUnderHomography() throws Exception {
    double exact = agreement(SMALL + "&seed=5", 0);
    assertTrue(exact > 0.93, "overlap " + exact);
    double off = agreement(SMALL + "&seed=5", 3);
    assertTrue(off < exact - 0.05, "three pixels off: " + off + " against " + exact);
    double parallax = agreement(SMALL + "&seed=5&parallax_m=0.6", 0);
    assertTrue(parallax < exact - 0.05, "parallax: " + parallax + " against " + exact);
  }

  @Test
  void classMaps_otherInfraredSize_agreeUnderHomography() throws Exception {
    assertTrue(agreement(SMALL + "&seed=5&ir_size=400x320", 0) > 0.9);
  }

  /** Overlap of cars and people in both maps, the infrared one carried over: 1 is perfect. */
  private static double agreement(String address, double error) throws Exception {
    List<Double> h = SimulatedAdapter.infraredToVisible(CameraUri.parse(address));
    Take visible = Take.of(address, Modality.VISIBLE);
    Take infrared = Take.of(address, Modality.INFRARED);
    FrameFormat to = visible.formats.get(0);
    FrameFormat from = infrared.formats.get(0);
    long both = 0;
    long either = 0;
    for (int i = 0; i < visible.shots.size(); i++) {
      byte[] target = visible.shots.get(i).classes();
      byte[] source = infrared.shots.get(i).classes();
      for (int y = 0; y < from.heightPx(); y++) {
        for (int x = 0; x < from.widthPx(); x++) {
          long u = Math.round(h.get(0) * x + h.get(1) * y + h.get(2) + error);
          long v = Math.round(h.get(3) * x + h.get(4) * y + h.get(5));
          if (u < 0 || v < 0 || u >= to.widthPx() || v >= to.heightPx()) {
            continue;
          }
          boolean a = thing(source[y * from.widthPx() + x]);
          boolean b = thing(target[(int) (v * to.widthPx() + u)]);
          both += a && b ? 1 : 0;
          either += a || b ? 1 : 0;
        }
      }
    }
    assertTrue(either > 2000, "enough to compare: " + either);
    return both / (double) either;
  }

  private static boolean thing(byte label) {
    return label == 1 || label == 2;
  }
}
