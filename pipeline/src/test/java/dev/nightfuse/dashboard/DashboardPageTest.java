package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.Chromium;
import dev.nightfuse.testing.ChromiumPage;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.Relay;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page as an operator uses it, in a real Chromium, over a real encoder's stream. */
final class DashboardPageTest {

  private static final List<String> MOVING =
      List.of("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30");
  private static final List<String> OTHER =
      List.of("-f", "lavfi", "-i", "mandelbrot=size=320x240:rate=30");

  // Mean and a coarse copy of the picture that is on the screen.
  private static final String PIXELS =
      """
      (() => {
        const video = document.getElementById('video');
        const canvas = document.createElement('canvas');
        canvas.width = 16; canvas.height = 12;
        const pen = canvas.getContext('2d', {willReadFrequently: true});
        pen.drawImage(video, 0, 0, 16, 12);
        const data = pen.getImageData(0, 0, 16, 12).data;
        const luma = [];
        for (let i = 0; i < data.length; i += 4) {
          luma.push(Math.round(0.3 * data[i] + 0.6 * data[i + 1] + 0.1 * data[i + 2]));
        }
        return luma;
      })()
      """;

  private static final String HEALTH = "document.getElementById('healthText').textContent";

  private static Map<View, H264Sample> clips = Map.of();
  private static Chromium chromium;

  private LiveFeed feed;
  private FakeControls controls;
  private TestStatus status;
  private Gate gate = new Gate(Passwords.NONE, FrameClock.system());
  private DashboardServer server;
  private ChromiumPage browser;

  DashboardPageTest() throws Exception {
    feed = new LiveFeed(List.of("demo"), clips, 20_000_000);
    controls = new FakeControls(List.of("demo"));
    status = new TestStatus(feed, controls);
    server = server(0);
    browser = chromium.page(1440, 900);
  }

  @BeforeAll
  static void prepare() throws Exception {
    chromium = new Chromium();
    ExternalProcess.require("ffmpeg");
    clips = new EnumMap<>(View.class);
    clips.put(View.FUSED, H264Sample.encoded(MOVING, "", 320, 240, 8));
    clips.put(View.OVERLAY, H264Sample.encoded(MOVING, "hue=h=90", 320, 240, 8));
    clips.put(View.INFRARED, H264Sample.encoded(OTHER, "negate", 320, 240, 8));
    clips.put(View.SIDE_BY_SIDE, H264Sample.encoded(MOVING, "", 640, 240, 8));
  }

  @AfterAll
  static void forget() throws Exception {
    clips = Map.of();
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    server.start();
    browser.open("http://127.0.0.1:" + server.port() + "/");
  }

  @AfterEach
  void close() throws Exception {
    browser.close();
    server.close();
    feed.close();
  }

  private void startWith(Passwords passwords, int port) throws Exception {
    gate = new Gate(passwords, FrameClock.system());
    server = server(port);
    server.start();
  }

  private DashboardServer server(int port) {
    return new DashboardServer(
        DashboardSettings.of("127.0.0.1", port),
        feed,
        status,
        () -> "",
        controls,
        FrameClock.system(),
        gate,
        null);
  }

  @Test
  void page_withPasswords_playsAndSteersForTheOperator_andOffersTheViewerNothing()
      throws Exception {
    browser.open("about:blank");
    server.close();
    startWith(new Passwords("steering-wheel", "window-seat"), 0);
    String address = "127.0.0.1:" + server.port() + "/";
    browser.open("http://operator:steering-wheel@" + address);
    awaitPlaying();
    String before = controls.palette("demo");
    browser.click("[data-palette]:not([aria-checked=true])");
    Await.until("the change", () -> !controls.palette("demo").equals(before));
    assertQuiet();

    String chosen = controls.palette("demo");
    browser.open("http://viewer:window-seat@" + address);
    awaitPlaying();
    browser.await("no record button", "document.getElementById('record').hidden");
    assertEquals("set by the operator", label("#paletteHint"));
    assertTrue(browser.evaluate("document.getElementById('alignment').inert").asBoolean());
    browser.click("[data-palette]:not([aria-checked=true])");
    browser.key("p");
    browser.key("r");
    browser.key("3");
    browser.await("the thermal view", "location.hash === '#/demo/infrared'");
    assertEquals(chosen, controls.palette("demo"));
    assertFalse(controls.recording());
    assertQuiet();
  }

  @Test
  void passwords_changedBehindAnOpenPage_pageSaysSo() throws Exception {
    browser.open("about:blank");
    server.close();
    startWith(new Passwords("steering-wheel", "window-seat"), 0);
    int port = server.port();
    browser.open("http://viewer:window-seat@127.0.0.1:" + port + "/");
    awaitPlaying();
    server.close();
    browser.await(
        "the missing server",
        "document.getElementById('coverTitle').textContent === 'Server unreachable'");
    startWith(new Passwords("steering-wheel", "back-bench"), port);
    browser.await(
        "the changed password",
        "document.getElementById('coverTitle').textContent === 'Logged out'");
    assertEquals("Logged out", label("#healthText"));
  }

  private void awaitPlaying() throws Exception {
    browser.await(
        "a playing picture",
        "document.getElementById('cover').hidden && document.getElementById('video').currentTime > 0");
  }

  private int decodedFrames() throws Exception {
    return browser
        .evaluate("document.getElementById('video').getVideoPlaybackQuality().totalVideoFrames")
        .asInt();
  }

  private String label(String selector) throws Exception {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private void assertQuiet() {
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void page_opened_playsMovingVideoAndShowsFigures() throws Exception {
    awaitPlaying();
    int framesBefore = decodedFrames();
    JsonNode before = browser.evaluate(PIXELS);
    double timeBefore = browser.evaluate("document.getElementById('video').currentTime").asDouble();
    Await.until("sixty more frames", () -> decodedFrames() > framesBefore + 60);
    JsonNode after = browser.evaluate(PIXELS);
    double timeAfter = browser.evaluate("document.getElementById('video').currentTime").asDouble();

    assertTrue(
        timeAfter > timeBefore + 1, "position moved from " + timeBefore + " to " + timeAfter);
    int sum = 0;
    int changed = 0;
    for (int i = 0; i < before.size(); i++) {
      sum += after.get(i).asInt();
      changed += Math.abs(after.get(i).asInt() - before.get(i).asInt()) > 8 ? 1 : 0;
    }
    assertTrue(sum / before.size() > 20, "the picture is black: " + after);
    assertTrue(changed > 5, "the picture stands still: " + before + " then " + after);
    Await.until("a measured latency", () -> label("#glass").matches("\\d+"));
    Await.until("a measured rate", () -> label("#fps").matches("\\d+\\.\\d"));
    assertEquals("Running", label("#healthText"));
    assertEquals("34 / 48", label("#send"));
    assertEquals("onnxruntime-cpu", label("#facts dd"));
    assertQuiet();
  }

  @Test
  void view_switched_showsAnotherPictureAndKeepsItInTheAddress() throws Exception {
    awaitPlaying();
    browser.click("#views [data-value=side-by-side]");
    browser.await("the wide picture", "document.getElementById('video').videoWidth === 640");
    awaitPlaying();
    assertTrue(browser.evaluate("location.hash").asText().equals("#/demo/side-by-side"), "address");

    // The keyboard goes back; a reload stays where it was.
    browser.key("3");
    browser.await("the thermal view", "location.hash === '#/demo/infrared'");
    browser.reload();
    awaitPlaying();
    assertEquals("#/demo/infrared", browser.evaluate("location.hash").asText());
    Await.until("the other views unwatched", () -> feed.hub(View.FUSED).viewers() == 0);
    assertEquals(1, feed.hub(View.INFRARED).viewers());
    assertQuiet();
  }

  @Test
  void encoder_rebuiltForAnotherSize_playsOnWithoutReconnecting() throws Exception {
    awaitPlaying();
    int viewersBefore = feed.hub(View.FUSED).viewers();
    feed.replace(View.FUSED, clips.get(View.SIDE_BY_SIDE));
    browser.await("the new size", "document.getElementById('video').videoWidth === 640");
    int frames = decodedFrames();
    Await.until("thirty more frames", () -> decodedFrames() > frames + 30);
    assertEquals(viewersBefore, feed.hub(View.FUSED).viewers());
    assertQuiet();
  }

  @Test
  void alignment_moved_reachesTheRigAndLeavesTheOtherDirectionAsItIs() throws Exception {
    controls.setShift("demo", 0, -1.4);
    awaitPlaying();
    browser.await("the move", "document.getElementById('shiftDownText').textContent === '-1.4 px'");
    slide("shiftRight", 40);
    Await.until("the move", () -> controls.shift("demo").shiftPx().equals(List.of(40.0, -1.4)));
    assertEquals("40 px", label("#shiftRightText"));
    assertEquals("registration.shift_px: [40, -1.4]", label("#shiftLine"));
    assertFalse(browser.evaluate("document.getElementById('shiftKeep').hidden").asBoolean());
    slide("shiftRight", 55);
    Await.until("more", () -> controls.shift("demo").shiftPx().equals(List.of(55.0, -1.4)));
    controls.setShift("demo", 0, 0);
    browser.await("the start", "document.getElementById('shiftKeep').hidden");
    assertQuiet();
  }

  private void slide(String id, int px) throws Exception {
    browser.evaluate(
        "(() => { const o = document.getElementById('%s'); o.value = %d;".formatted(id, px)
            + " o.dispatchEvent(new Event('input')); o.dispatchEvent(new Event('change')); })()");
  }

  @Test
  void controls_used_reachTheRigAndComeBackToThePage() throws Exception {
    awaitPlaying();
    browser.click("[data-class=person]");
    browser.await(
        "the class off",
        "document.querySelector('[data-class=person]').getAttribute('aria-pressed') === 'false'");
    browser.evaluate(
        "(() => { const o = document.getElementById('opacity'); o.value = 80;"
            + " o.dispatchEvent(new Event('input')); })()");
    Await.until("the opacity", () -> controls.overlay("demo").opacity() == 0.8);
    browser.click("[data-palette=white-hot]");
    Await.until("the palette", () -> controls.palette("demo").equals("white-hot"));
    browser.key("r");
    browser.await("the record sign", "!document.getElementById('recPill').hidden");
    assertEquals("Stop", label("#recordText"));
    browser.key("r");
    browser.await("its end", "document.getElementById('recPill').hidden");
    assertFalse(controls.overlay("demo").classes().get(1).shown());

    // Someone else's change shows here too.
    controls.setClassShown("demo", "person", true);
    browser.await(
        "the class on",
        "document.querySelector('[data-class=person]').getAttribute('aria-pressed') === 'true'");
    assertQuiet();
  }

  @Test
  void recording_withHoles_saysSo() throws Exception {
    controls.startRecording("demo");
    browser.await("the line", "!document.getElementById('recLine').hidden");
    assertFalse(label("#recLine").contains("lost"));
    status.lose(31);
    browser.await(
        "the holes",
        "document.getElementById('recLine').textContent"
            + ".includes(', 31 pictures lost: the disk is too slow')");
  }

  @Test
  void degradation_begun_isShownAsBannerAndInTheHealthSign() throws Exception {
    awaitPlaying();
    status.set("degraded", "FFC");
    browser.await(
        "the banner",
        "document.getElementById('banner').textContent.startsWith('Thermal calibration')");
    assertEquals("Degraded", label("#healthText"));
    status.set("ok");
    browser.await("no banner", "document.getElementById('banner').hidden");
    assertQuiet();
  }

  @Test
  void pictures_paused_saysSoAndPlaysOn() throws Exception {
    awaitPlaying();
    feed.pause(true);
    browser.await("the cover", "!document.getElementById('cover').hidden");
    feed.pause(false);
    awaitPlaying();
    int frames = decodedFrames();
    Await.until("thirty more frames", () -> decodedFrames() > frames + 30);
    browser.await(
        "live again",
        "(() => { const v = document.getElementById('video'), b = v.buffered;"
            + " return b.end(b.length - 1) - v.currentTime < 0.5; })()");
    assertQuiet();
  }

  @Test
  void pictures_pausedForLong_anotherConnectionIsTried() throws Exception {
    awaitPlaying();
    feed.pause(true);
    browser.await(
        "another attempt",
        "!document.getElementById('cover').hidden"
            + " && document.getElementById('coverTitle').textContent.startsWith('Connecting')");
    feed.pause(false);
    awaitPlaying();
    assertQuiet();
  }

  @Test
  void page_hidden_leavesTheStreamAndComesBackLive() throws Exception {
    browser.hurry(8);
    browser.reload();
    awaitPlaying();
    hide(true);
    Await.until("the view unwatched", () -> feed.hub(View.FUSED).viewers() == 0);
    hide(false);
    awaitPlaying();
    int frames = decodedFrames();
    Await.until("thirty more frames", () -> decodedFrames() > frames + 30);
    assertEquals(1, feed.hub(View.FUSED).viewers());
    assertQuiet();
  }

  /** Headless pages are never hidden by themselves. */
  private void hide(boolean hidden) throws Exception {
    browser.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, value: "
            + hidden
            + "}); document.dispatchEvent(new Event('visibilitychange'))");
  }

  @Test
  void snapshot_taken_savesThePictureOnTheScreen() throws Exception {
    awaitPlaying();
    browser.evaluate(
        "(() => { HTMLAnchorElement.prototype.click = function () {"
            + " window.saved = {name: this.download, url: this.href}; }; })()");
    browser.key("s");
    browser.await("a saved picture", "Boolean(window.saved)");
    assertTrue(
        browser.evaluate("saved.name").asText().matches("nightfuse-demo-fused-\\d{4}-.*\\.png"),
        "file name");
    // The page's own policy forbids fetching blobs, so an image reads it.
    String size =
        "new Promise((done) => { const i = new Image();"
            + " i.onload = () => done(i.naturalWidth); i.src = saved.url; })";
    assertEquals(320, browser.evaluate(size).asInt());
    assertQuiet();
  }

  @Test
  void server_goneAndBack_isShownAndRecovers() throws Exception {
    awaitPlaying();
    int port = server.port();
    server.close();
    browser.await("the notice", HEALTH + " === 'Server unreachable'");
    assertFalse(browser.evaluate("document.getElementById('cover').hidden").asBoolean());
    server = server(port);
    server.start();
    browser.await("the server", HEALTH + " === 'Running'");
    awaitPlaying();
    // The browser itself notes the refused connections; nothing else may be there.
    assertEquals(
        List.of(),
        browser.complaints().stream().filter(c -> !c.contains("ERR_CONNECTION_REFUSED")).toList());
  }

  @Test
  void network_lostWithoutASign_isShownAndRecovers() throws Exception {
    try (Relay network = new Relay(server.port())) {
      browser.hurry(3);
      browser.open("http://127.0.0.1:" + network.port() + "/");
      awaitPlaying();
      network.cut();
      browser.await("the notice", HEALTH + " === 'Server unreachable'");
      network.mend();
      browser.await("the server", HEALTH + " === 'Running'");
      awaitPlaying();
    }
  }

  @Test
  void requests_neverAnswered_areTriedAgain() throws Exception {
    try (Relay network = new Relay(server.port())) {
      network.lose("GET /api/v1/me");
      browser.hurry(8);
      browser.open("http://127.0.0.1:" + network.port() + "/");
      browser.await("the notice", HEALTH + " === 'Server unreachable'");
      network.lose("GET /ws/status");
      browser.reload();
      browser.await("the notice", HEALTH + " === 'Server unreachable'");
      network.lose("GET /ws/demo/");
      browser.await("the server", HEALTH + " === 'Running'");
      browser.await(
          "the notice of the video",
          "document.getElementById('coverTitle').textContent === 'Connecting again'");
      network.mend();
      awaitPlaying();
    }
  }

  @Test
  void page_atEverySize_fitsWithoutScrollingSideways() throws Exception {
    awaitPlaying();
    // The fullest it gets: everything that can be shown is shown.
    controls.startRecording("demo");
    status.set("degraded", "FFC", "REGISTRATION_DOUBTFUL");
    browser.await(
        "all signs",
        "!document.getElementById('recPill').hidden && !document.getElementById('banner').hidden");
    int[][] sizes = {{1440, 900}, {1024, 768}, {390, 844}, {360, 740}, {844, 390}};
    for (int[] size : sizes) {
      browser.size(size[0], size[1], size[0] < 900);
      browser.await(
          "no sideways scrolling at " + size[0],
          "document.documentElement.scrollWidth <= " + size[0]);
      browser.await(
          "a visible picture at " + size[0],
          "document.getElementById('video').getBoundingClientRect().height > 150");
    }
    assertQuiet();
  }
}
