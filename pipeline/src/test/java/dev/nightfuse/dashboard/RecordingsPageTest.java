package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.mp4.FragmentedMp4;
import dev.nightfuse.mp4.RandomAccessIndex;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.Chromium;
import dev.nightfuse.testing.ChromiumPage;
import dev.nightfuse.testing.TinyH264;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dialog of recordings in a real Chromium. */
final class RecordingsPageTest {

  private static final Instant DUSK = Instant.parse("2026-11-18T17:00:00Z");
  private static final String NEWEST = "#recordingsList li:first-child ";
  private static final String COUNT = "document.querySelectorAll('#recordingsList li').length";

  private static Chromium chromium;

  @TempDir Path folder;

  private LiveFeed feed = LiveFeed.tiny();
  private final FakeControls controls = new FakeControls(List.of("demo"));
  private final FakeRecordings recordings = controls.recordings("demo");
  private final TestStatus status = new TestStatus(feed, controls);
  private DashboardServer server = server(Passwords.NONE);
  private ChromiumPage browser;

  RecordingsPageTest() throws Exception {
    browser = chromium.page(1280, 800);
  }

  @BeforeAll
  static void start() throws Exception {
    chromium = new Chromium();
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    server.start();
    browser.open("http://127.0.0.1:" + server.port() + "/");
    browser.await("the rig", "document.getElementById('healthText').textContent === 'Running'");
  }

  @AfterEach
  void close() throws Exception {
    browser.close();
    server.close();
    feed.close();
  }

  private DashboardServer server(Passwords passwords) {
    return new DashboardServer(
        DashboardSettings.of("127.0.0.1", 0),
        feed,
        status,
        () -> "",
        controls,
        FrameClock.system(),
        new Gate(passwords, FrameClock.system()),
        null);
  }

  /** A recording of eight seconds, as the recorder writes it. */
  private Path video() throws Exception {
    TinyH264 source = new TinyH264(64, 48, 25);
    FragmentedMp4 mp4 = new FragmentedMp4(source.info(), 0, 0);
    RandomAccessIndex index = new RandomAccessIndex();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(mp4.initSegment());
    for (int group = 0; group < 8; group++) {
      List<AccessUnit> units = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        units.add(source.unit(25L * group + i, 25, (25L * group + i) * 40_000_000));
      }
      byte[] fragment = mp4.fragment(units, (group + 1) * 1_000_000_000L);
      index.add(group * 90_000L, out.size() + fragment[3]);
      out.write(fragment);
    }
    out.write(index.toBytes());
    return Files.write(folder.resolve("video.mp4"), out.toByteArray());
  }

  private void openDialog(int rows) throws Exception {
    browser.key("l");
    browser.await(rows + " rows", COUNT + " === " + rows);
  }

  private String text(String selector) throws Exception {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private void press(String selector) throws Exception {
    browser.click(NEWEST + "[data-do=" + selector + "]");
  }

  private boolean flag(String expression) throws Exception {
    return browser.evaluate(expression).asBoolean();
  }

  @Test
  void dialog_opened_listsNewestFirst_withTotals() throws Exception {
    recordings.add(DUSK, 3, 30_000_000);
    recordings.keep("2026-11-18T17-00-00Z_fused.mp4", true);
    browser.click("#recordingsButton");
    browser.await("the rows", COUNT + " === 3");
    assertEquals("Recordings of demo", text("#recordingsTitle"));
    assertEquals(
        "3 files, 90.0 MB (30.0 MB of them kept); 12.40 GB free on the disk",
        text("#recordingsTotal"));
    // In the time zone of the browser, as it writes times.
    assertEquals(
        browser
            .evaluate(
                "new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'})"
                    + ".format(new Date('2026-11-18T17:02:00Z'))")
            .asText(),
        text(NEWEST + "b"));
    assertEquals("1 min 0 s \u00b7 30.0 MB \u00b7 fused", text(NEWEST + "small"));
    assertEquals("Kept", text("#recordingsList li:last-child .pill"));
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void play_recording_playsAndSeeksInThePage_andEndsWithTheDialog() throws Exception {
    recordings.video(video());
    recordings.add(DUSK, 2, 30_000_000);
    openDialog(2);
    press("play");
    String video = "document.getElementById('recordingVideo')";
    browser.await("a playing picture", video + ".currentTime > 0.2");
    assertEquals(8.0, browser.evaluate(video + ".duration").asDouble(), 0.05);
    browser.evaluate(video + ".currentTime = 6.5");
    browser.await("the place", video + ".currentTime > 6.5 && " + video + ".readyState >= 2");
    assertEquals(
        "true", browser.evaluate("document.querySelector('" + NEWEST + "').ariaCurrent").asText());
    browser.click("#recordingsClose");
    browser.await("nothing plays", video + ".hidden && !" + video + ".hasAttribute('src')");
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void delete_isAskedFirst_andOnlyThenDone() throws Exception {
    recordings.add(DUSK, 3, 30_000_000);
    openDialog(3);
    press("delete");
    assertTrue(flag("document.getElementById('deleteDialog').open"));
    assertEquals("deleteCancel", browser.evaluate("document.activeElement.id").asText());
    browser.click("#deleteCancel");
    press("delete");
    browser.escape();
    browser.await("the question gone", "!document.getElementById('deleteDialog').open");
    assertTrue(flag("document.getElementById('recordings').open"));
    assertEquals(3, recordings.all().size());

    press("delete");
    browser.click("#deleteConfirm");
    browser.await("two rows", COUNT + " === 2");
    assertEquals(2, recordings.all().size());
    assertEquals("2026-11-18T17:01:00Z", recordings.all().get(1).start());
    assertTrue(flag("document.getElementById('recordings').contains(document.activeElement)"));
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void delete_goneMeanwhile_saysSoAboveTheDialog() throws Exception {
    recordings.add(DUSK, 2, 30_000_000);
    openDialog(2);
    press("delete");
    recordings.delete("2026-11-18T17-01-00Z_fused.mp4");
    browser.click("#deleteConfirm");
    browser.await(
        "the reason",
        "document.getElementById('toast').textContent === \"rig 'demo' has no such recording\"");
    assertTrue(
        flag("document.getElementById('recordings').contains(document.getElementById('toast'))"));
    browser.await("one row", COUNT + " === 1");
  }

  @Test
  void rigChanges_whileDeletionIsAsked_theQuestionGoes_andNothingIsDeleted() throws Exception {
    browser.open("about:blank");
    server.close();
    FakeControls two = new FakeControls(List.of("demo", "rear"));
    List<FakeRecordings> both = List.of(two.recordings("demo"), two.recordings("rear"));
    both.forEach(of -> of.add(DUSK, 2, 30_000_000));
    feed.close();
    feed = LiveFeed.tiny(two.rigs());
    server =
        new DashboardServer(
            DashboardSettings.of("127.0.0.1", 0),
            feed,
            new TestStatus(feed, two),
            () -> "",
            two,
            FrameClock.system(),
            new Gate(Passwords.NONE, FrameClock.system()),
            null);
    server.start();
    browser.open("http://127.0.0.1:" + server.port() + "/#/demo/fused");
    browser.await("the rig", "document.getElementById('healthText').textContent === 'Running'");
    openDialog(2);
    press("delete");
    browser.evaluate("location.hash = '#/rear/fused'");
    browser.await("no dialog", "document.querySelector('dialog[open]') === null");

    // A click that was on its way is about the file that was asked about.
    browser.click("#deleteConfirm");
    Await.until("deleted", () -> both.get(0).all().size() == 1);
    assertEquals(2, both.get(1).all().size());
  }

  @Test
  void toast_aboveTheQuestion_isSeen() throws Exception {
    recordings.add(DUSK, 1, 30_000_000);
    recordings.video(folder.resolve("gone.mp4"));
    openDialog(1);
    press("play");
    press("delete");
    browser.await("the trouble", "!document.getElementById('toast').hidden");
    browser.evaluate("document.getElementById('recordingVideo').dispatchEvent(new Event('error'))");
    assertTrue(
        flag("document.getElementById('deleteDialog').contains(document.getElementById('toast'))"));
  }

  @Test
  void keep_andRelease_keepsTheFocusWhereItWas() throws Exception {
    recordings.add(DUSK, 3, 30_000_000);
    openDialog(3);
    browser.evaluate("document.querySelector('" + NEWEST + "[data-do=keep]').focus()");
    press("keep");
    browser.await(
        "the sign", "document.querySelector('" + NEWEST + ".pill')?.textContent === 'Kept'");
    assertTrue(recordings.all().get(2).kept());
    assertEquals("keep", browser.evaluate("document.activeElement.dataset.do").asText());
    assertEquals("Release", text(NEWEST + "[data-do=keep]"));
    press("keep");
    browser.await("no sign", "document.querySelector('" + NEWEST + ".pill') === null");
    assertFalse(recordings.all().get(2).kept());
  }

  @Test
  void thousands_areShownInPages_andTheListKeepsItsLength() throws Exception {
    recordings.add(DUSK, 5_000, 30_000_000);
    openDialog(100);
    assertTrue(text("#recordingsTotal").startsWith("5,000 files, 150.00 GB"));
    for (int rows = 200; rows <= 700; rows += 100) {
      browser.click("#recordingsOlder");
      browser.await(rows + " rows", COUNT + " === " + rows);
    }
    press("delete");
    browser.click("#deleteConfirm");
    Await.until("deleted", () -> recordings.all().size() == 4_999);
    browser.await(
        "the total", "document.getElementById('recordingsTotal').textContent.startsWith('4,999')");
    assertEquals(700, browser.evaluate(COUNT).asInt());
    assertEquals(
        700,
        browser
            .evaluate(
                "new Set([...document.querySelectorAll('#recordingsList li')].map((i) => i.dataset.name)).size")
            .asInt());
  }

  @Test
  void recordingBegins_andEnds_listFollows() throws Exception {
    openDialog(0);
    assertFalse(flag("document.getElementById('recordingsNone').hidden"));
    recordings.addActive(DUSK);
    controls.startRecording("demo");
    browser.await("a row", COUNT + " === 1");
    assertEquals("Recording", text(NEWEST + ".pill"));
    assertFalse(flag("Boolean(document.querySelector('" + NEWEST + "[data-do=delete]'))"));
    recordings.delete("2026-11-18T17-00-00Z_fused.mp4");
    recordings.add(DUSK, 1, 30_000_000);
    controls.stopRecording("demo");
    browser.await("its end", "document.querySelector('" + NEWEST + ".pill') === null");
    assertTrue(flag("Boolean(document.querySelector('" + NEWEST + "[data-do=delete]'))"));
  }

  @Test
  void viewer_playsAndDownloads_andIsOfferedNothingElse() throws Exception {
    recordings.video(video());
    recordings.add(DUSK, 2, 30_000_000);
    browser.open("about:blank");
    server.close();
    server = server(new Passwords("steering-wheel", "window-seat"));
    server.start();
    browser.open("http://viewer:window-seat@127.0.0.1:" + server.port() + "/");
    browser.await("the rig", "document.getElementById('healthText').textContent === 'Running'");
    openDialog(2);
    assertEquals(
        "play,download",
        browser
            .evaluate(
                "[...document.querySelectorAll('"
                    + NEWEST
                    + "[data-do]')].map((b) => b.dataset.do).join()")
            .asText());
    press("play");
    browser.await("a picture", "document.getElementById('recordingVideo').currentTime > 0.2");
    String size =
        "fetch(document.querySelector('"
            + NEWEST
            + "a').href).then((r) => r.blob()).then((b) => b.size)";
    assertEquals(Files.size(folder.resolve("video.mp4")), browser.evaluate(size).asLong());
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void keys_inTheDialog_steerNothingBehindIt() throws Exception {
    recordings.add(DUSK, 1, 30_000_000);
    openDialog(1);
    browser.key("r");
    browser.key("3");
    browser.key("?");
    assertEquals("#/demo/fused", browser.evaluate("location.hash").asText());
    assertFalse(flag("document.getElementById('help').open"));
    assertFalse(controls.recording());
  }

  @Test
  void dialog_onAPhone_fitsWithoutScrollingSideways() throws Exception {
    recordings.video(video());
    recordings.add(DUSK, 120, 30_000_000);
    recordings.keep("2026-11-18T18-58-00Z_fused.mp4", true);
    openDialog(100);
    press("play");
    for (int[] size : new int[][] {{1280, 800}, {390, 844}, {360, 740}, {844, 390}}) {
      browser.size(size[0], size[1], size[0] < 900);
      browser.await(
          "no sideways scrolling at " + size[0],
          "(() => { const d = document.getElementById('recordings');"
              + " return d.scrollWidth <= d.clientWidth && d.querySelector('.scroll').scrollWidth <= d.clientWidth && d.clientWidth <= innerWidth"
              + " && [...d.querySelectorAll('.action')].every((a) => a.scrollWidth <= a.clientWidth + 1); })()");
    }
  }
}
