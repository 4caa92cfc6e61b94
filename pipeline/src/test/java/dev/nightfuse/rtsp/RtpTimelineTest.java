package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class RtpTimelineTest {
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void pictureAt_first_hasTheAnnouncedTimestamp() {
    RtpTimeline timeline = new RtpTimeline(0x12345678);
    assertEquals(0x12345678, timeline.restart());
    assertEquals(0x12345678, timeline.pictureAt(987_654_321));
    assertEquals(0x12345678 + 90_000, timeline.pictureAt(987_654_321 + SECOND_NS));
  }

  @Test
  void pictureAt_acrossTheWrap_goesOnAtNinetyKilohertz() {
    RtpTimeline timeline = new RtpTimeline(-45_000);
    timeline.pictureAt(0);
    assertEquals(0, timeline.pictureAt(SECOND_NS / 2));
    assertEquals(45_000, timeline.pictureAt(SECOND_NS));
  }

  @Test
  void pictureAt_afterDays_isExact() {
    RtpTimeline timeline = new RtpTimeline(0);
    timeline.pictureAt(0);
    long thirtyDaysS = 30L * 24 * 3_600;
    assertEquals((int) (thirtyDaysS * 90_000), timeline.pictureAt(thirtyDaysS * SECOND_NS));
  }

  @Test
  void at_momentsAroundTheFirstPicture_countInBothDirections() {
    RtpTimeline timeline = new RtpTimeline(1_000);
    timeline.pictureAt(10 * SECOND_NS);
    assertEquals(1_000 + 9_000, timeline.at(10 * SECOND_NS + SECOND_NS / 10));
    assertEquals(1_000 - 9_000, timeline.at(10 * SECOND_NS - SECOND_NS / 10));
  }

  @Test
  void restart_afterAPause_continuesWithoutTheGap() {
    RtpTimeline timeline = new RtpTimeline(0);
    timeline.pictureAt(0);
    timeline.pictureAt(SECOND_NS);
    assertEquals(93_000, timeline.restart());
    assertEquals(93_000, timeline.pictureAt(100 * SECOND_NS));
    assertEquals(93_000 + 90_000, timeline.pictureAt(101 * SECOND_NS));
  }

  @Test
  void restart_twiceWithoutAPicture_tellsTheSame() {
    RtpTimeline timeline = new RtpTimeline(5);
    assertEquals(5, timeline.restart());
    assertEquals(5, timeline.restart());
  }
}
