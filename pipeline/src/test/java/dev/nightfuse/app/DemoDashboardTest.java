package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.Chromium;
import dev.nightfuse.testing.ChromiumPage;
import dev.nightfuse.testing.Videos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard of a running demo, used as a person would. With {@code
 * -Dnightfuse.test.pictures=FOLDER} it leaves screenshots there.
 */
final class DemoDashboardTest {

  private static final List<String> VIEWS =
      List.of("overlay", "visible", "infrared", "side-by-side", "fused");

  /** A coarse copy of the picture on the screen: luma of 16 x 12 points. */
  private static final String PIXELS =
      """
      (() => {
        const canvas = document.createElement('canvas');
        canvas.width = 16; canvas.height = 12;
        const pen = canvas.getContext('2d', {willReadFrequently: true});
        pen.drawImage(document.getElementById('video'), 0, 0, 16, 12);
        const data = pen.getImageData(0, 0, 16, 12).data;
        return Array.from({length: 192}, (_, i) =>
            Math.round(0.3 * data[4 * i] + 0.6 * data[4 * i + 1] + 0.1 * data[4 * i + 2]));
      })()
      """;

  @TempDir static Path home;

  private static Chromium chromium;
  private static Program demo;

  private ChromiumPage browser;

  DemoDashboardTest() throws Exception {
    browser = chromium.page(1440, 900);
  }

  @BeforeAll
  static void start() throws Exception {
    chromium = new Chromium();
    demo = Program.start(home, "demo");
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser.open(demo.dashboardUrl());
    awaitPlaying();
  }

  @AfterEach
  void close() throws Exception {
    browser.close();
  }

  @Test
  void views_eachOneChosen_showMovingVideo() throws Exception {
    awaitMotion("fused");
    for (String view : VIEWS) {
      browser.click("#views [data-value=" + view + "]");
      browser.await(view + " in the address", "location.hash === '#/demo/" + view + "'");
      int widthPx = view.equals("side-by-side") ? 960 : 640;
      browser.await(view, "document.getElementById('video').videoWidth === " + widthPx);
      awaitPlaying();
      awaitMotion(view);
      keepPicture(view, 1280, 800, false);
    }
    Await.until(
        "a measured latency",
        () ->
            browser
                .evaluate("document.getElementById('glass').textContent")
                .asText()
                .matches("\\d+"));
    keepPicture("phone", 390, 844, true);
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void controls_used_changeTheRig() throws Exception {
    browser.click("#views [data-value=overlay]");
    browser.await("overlay", "location.hash === '#/demo/overlay'");
    awaitPlaying();
    String name = browser.evaluate("document.querySelector('[data-class]').dataset.class").asText();
    browser.click("[data-class=" + name + "]");
    browser.await(
        name + " off",
        "document.querySelector('[data-class="
            + name
            + "]').getAttribute('aria-pressed') === 'false'");
    assertTrue(demo.get("api/v1/rigs/demo/overlay").body().contains("\"shown\":false"));

    browser.click("[data-palette=white-hot]");
    Await.until(
        "the palette",
        () -> demo.get("api/v1/rigs/demo/palette").body().contains("\"palette\":\"white-hot\""));
    browser.click("#views [data-value=infrared]");
    browser.await("infrared", "location.hash === '#/demo/infrared'");
    awaitPlaying();
    // White-hot is grey: red, green and blue agree everywhere but for the codec's rounding.
    Await.until("a grey picture", () -> browser.evaluate(COLOUR).asInt() < 12);
    browser.click("[data-palette=iron]");
    Await.until("a coloured picture", () -> browser.evaluate(COLOUR).asInt() > 30);
    assertEquals(List.of(), browser.complaints());
  }

  /** Greatest distance of red and blue in the picture on the screen. */
  private static final String COLOUR =
      """
      (() => {
        const canvas = document.createElement('canvas');
        canvas.width = 64; canvas.height = 48;
        const pen = canvas.getContext('2d', {willReadFrequently: true});
        pen.drawImage(document.getElementById('video'), 0, 0, 64, 48);
        const data = pen.getImageData(0, 0, 64, 48).data;
        let most = 0;
        for (let i = 0; i < data.length; i += 4) {
          most = Math.max(most, Math.abs(data[i] - data[i + 2]));
        }
        return most;
      })()
      """;

  @Test
  void recording_startedAndStopped_playsFromItsFile() throws Exception {
    browser.click("#record");
    browser.await("the record sign", "!document.getElementById('recPill').hidden");
    long began = demo.rig().path("fusedFrames").asLong();
    demo.awaitRig("sixty frames", r -> r.path("fusedFrames").asLong() > began + 60);
    JsonNode rig = demo.awaitRig("bytes", r -> r.path("recording").path("bytes").asLong() > 0);
    assertTrue(rig.path("recording").path("active").asBoolean());
    browser.click("#record");
    browser.await("its end", "document.getElementById('recPill').hidden");
    demo.awaitRig("closed", r -> !r.path("recording").path("active").asBoolean());
    Path file = home.resolve(rig.path("recording").path("file").asText());
    assertTrue(Files.exists(file), file.toString());
    assertEquals("640,480", Videos.size(file));
    assertTrue(Videos.frames(file) > 30);
    assertFalse(demo.get("api/v1/status").body().contains("\"active\":true"));
    assertEquals(List.of(), browser.complaints());
  }

  private void awaitPlaying() throws Exception {
    browser.await(
        "a playing picture",
        "document.getElementById('cover').hidden && document.getElementById('video').currentTime > 0");
  }

  private void awaitMotion(String view) throws Exception {
    JsonNode before = browser.evaluate(PIXELS);
    Await.until(
        "motion in " + view, Program.PATIENCE, () -> changed(before, browser.evaluate(PIXELS)) > 5);
  }

  private static int changed(JsonNode before, JsonNode after) {
    int changed = 0;
    for (int i = 0; i < before.size(); i++) {
      changed += Math.abs(after.get(i).asInt() - before.get(i).asInt()) > 4 ? 1 : 0;
    }
    return changed;
  }

  private void keepPicture(String name, int widthPx, int heightPx, boolean phone) throws Exception {
    String folder = System.getProperty("nightfuse.test.pictures");
    if (folder != null) {
      browser.size(widthPx, heightPx, phone);
      awaitMotion(name);
      browser.screenshot(Files.createDirectories(Path.of(folder)).resolve(name + ".png"));
    }
  }
}
