package dev.nightfuse.engine.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelsTest {

  @Test
  void iou_handCountedMaps_ignores255AndSkipsAbsentClasses() {
    LabelAgreement agreement = new LabelAgreement(4);
    agreement.add(new byte[] {0, 1, 1, 2, 0, 1}, new byte[] {0, 1, 2, 2, 1, (byte) 255});

    assertEquals(1.0 / 2, agreement.iou(0), 1e-12);
    assertEquals(1.0 / 3, agreement.iou(1), 1e-12);
    assertEquals(1.0 / 2, agreement.iou(2), 1e-12);
    assertTrue(Double.isNaN(agreement.iou(3)), "class in neither map");
    assertEquals(4.0 / 9, agreement.meanIou(), 1e-12);
  }

  @Test
  void iou_overPictures_sumsPixelsNotShares() {
    LabelAgreement all = new LabelAgreement(2);
    for (int picture = 0; picture < 2; picture++) {
      LabelAgreement one = new LabelAgreement(2);
      one.add(new byte[] {1, 1, 1, 0}, new byte[] {1, 1, 1, (byte) picture});
      all.add(one);
    }
    assertEquals(6.0 / 7, all.iou(1), 1e-12);
  }

  @Test
  void add_labelThatIsNoClass_isRefused() {
    LabelAgreement agreement = new LabelAgreement(9);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> agreement.add(new byte[1], new byte[] {12}));
    assertEquals("label 12: there are 9 classes, and 255 is ignored", e.getMessage());
  }

  @Test
  void components_touchingAtACorner_areOne() {
    byte[] labels = {
      2, 2, 0, 0, 0, 0, //
      2, 2, 0, 0, 2, 0, //
      0, 0, 2, 0, 2, 0, //
      0, 0, 0, 0, 1, 0,
    };
    assertEquals(
        List.of(new PixelBox(0, 0, 3, 3), new PixelBox(4, 1, 5, 3)),
        Components.boxes(labels, 6, 4, 2, 1));
    assertEquals(List.of(new PixelBox(0, 0, 3, 3)), Components.boxes(labels, 6, 4, 2, 3));
  }

  @Test
  void box_ofYoloShares_isInPixels() {
    assertEquals(
        new PixelBox(240, 120, 400, 360), PixelBox.ofShares(0.5, 0.5, 0.25, 0.5, 640, 480));
  }

  @Test
  void tally_twoFindingsOfOneBox_countsTheBetterOnly() {
    PixelBox truth = new PixelBox(0, 0, 10, 10);
    PixelBox other = new PixelBox(100, 100, 110, 110);
    BoxTally tally =
        BoxTally.of(
            List.of(truth, other),
            List.of(new PixelBox(0, 0, 10, 6), new PixelBox(0, 0, 10, 9)),
            0.5);

    assertEquals(new BoxTally(2, 2, 1), tally);
    assertEquals(0.5, tally.recall(), 1e-12);
    assertEquals(0.5, tally.precision(), 1e-12);
  }

  @Test
  void tally_overlapBelowTheLimit_isNoHit() {
    PixelBox truth = new PixelBox(0, 0, 10, 10);
    // 10x5 of the true 10x10: exactly one half.
    List<PixelBox> half = List.of(new PixelBox(0, 0, 10, 5));
    assertEquals(1, BoxTally.of(List.of(truth), half, 0.5).hits());
    assertEquals(0, BoxTally.of(List.of(truth), half, 0.51).hits());
  }

  @Test
  void tally_picturesTogether_addUp() {
    assertEquals(new BoxTally(5, 7, 3), new BoxTally(2, 3, 1).plus(new BoxTally(3, 4, 2)));
  }
}
