package dev.nightfuse.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.Await;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single pictures by HTTP, of streams that are really decoded. */
final class StillPictureTest {

  private final LiveFeed feed = LiveFeed.tiny();
  private final FakeControls controls = new FakeControls(List.of("demo"));
  private final StreamHub fused = feed.hub(View.FUSED);
  private final HttpClient client = HttpClient.newHttpClient();
  private final DashboardServer server =
      new DashboardServer(
          DashboardSettings.of("127.0.0.1", 0),
          feed,
          new TestStatus(feed, controls),
          () -> "",
          controls,
          FrameClock.system(),
          new Gate(Passwords.NONE, FrameClock.system()),
          null);

  @BeforeEach
  void start() throws Exception {
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
    feed.close();
  }

  private CompletableFuture<HttpResponse<byte[]>> ask(String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/rigs/" + path);
    return client.sendAsync(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void still_ofALiveView_isItsPictureInAllLevelsAndTheViewerLeaves() throws Exception {
    HttpResponse<byte[]> response = ask("demo/fused.jpg").get();
    assertEquals(200, response.statusCode(), () -> text(response));
    assertEquals("image/jpeg", response.headers().firstValue("content-type").orElse(""));
    String captured = response.headers().firstValue("last-modified").orElse("");
    Instant at = ZonedDateTime.parse(captured, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    assertTrue(Duration.between(at, Instant.now()).abs().toSeconds() < 60, captured);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(response.body()));
    assertEquals(64, picture.getWidth());
    assertEquals(48, picture.getHeight());
    // 90 of the stream's levels, which go from 16 to 235; both conversions round.
    assertEquals((90 - 16) * 255 / 219.0, picture.getRaster().getSample(30, 20, 0), 3);
    Await.until("nobody", () -> fused.viewers() == 0);
  }

  @Test
  void still_askedForByManyAtOnce_isTakenOnce() throws Exception {
    feed.pause(true);
    List<CompletableFuture<HttpResponse<byte[]>>> answers =
        IntStream.range(0, 8).mapToObj(i -> ask("demo/fused.jpg")).toList();
    Await.until("a viewer", () -> fused.viewers() > 0);
    assertEquals(1, fused.viewers());
    feed.pause(false);
    byte[] first = answers.get(0).get().body();
    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      assertEquals(200, answer.get().statusCode());
      assertArrayEquals(first, answer.get().body());
    }
  }

  @Test
  void still_ofAStreamThatIsOver_isRefused() throws Exception {
    fused.close();
    HttpResponse<byte[]> response = ask("demo/fused.jpg").get();
    assertEquals(503, response.statusCode());
    assertTrue(text(response).contains("no picture from this view now"));
  }

  @Test
  void still_waitedForWhenTheServerStops_leavesNoViewer() throws Exception {
    feed.pause(true);
    CompletableFuture<HttpResponse<byte[]>> answer = ask("demo/fused.jpg");
    Await.until("a viewer", () -> fused.viewers() == 1);
    server.close();
    assertEquals(0, fused.viewers());
    // Told, or cut off: both are an end.
    assertTrue(answer.handle((told, cut) -> cut != null || told.statusCode() == 503).get());
  }

  @Test
  void still_ofNoSuchRigOrView_isNotFound() throws Exception {
    HttpResponse<byte[]> view = ask("demo/sideways.jpg").get();
    assertEquals(404, view.statusCode());
    assertTrue(text(view).contains("side-by-side"), text(view));
    assertEquals(404, ask("none/fused.jpg").get().statusCode());
    assertEquals(404, ask("demo/fused.png").get().statusCode());
  }
}
