package dev.nightfuse.dashboard;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.View;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The dashboard without cameras, to work on the page: {@code DashboardPreview [visible.mp4
 * infrared.mp4]} serves the two videos, or test pictures, until it is interrupted.
 */
final class DashboardPreview {

  private DashboardPreview() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    List<String> visible = List.of("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=30");
    List<String> infrared = List.of("-f", "lavfi", "-i", "mandelbrot=size=640x480:rate=30");
    if (args.length == 2) {
      visible = List.of("-stream_loop", "5", "-i", args[0]);
      infrared = List.of("-stream_loop", "5", "-i", args[1]);
    }
    Map<View, Clip> clips = new EnumMap<>(View.class);
    clips.put(View.FUSED, Clip.encoded(folder, visible, "eq=contrast=1.2", 640, 480));
    clips.put(View.OVERLAY, Clip.encoded(folder, visible, "hue=h=40", 640, 480));
    clips.put(View.VISIBLE, Clip.encoded(folder, visible, "", 640, 480));
    clips.put(View.INFRARED, Clip.encoded(folder, infrared, "", 640, 480));
    clips.put(
        View.SIDE_BY_SIDE, Clip.encoded(folder, visible, "split[a][b];[a][b]hstack", 1280, 480));
    FakeControls controls = new FakeControls(List.of("demo"));
    int port = Integer.getInteger("port", 0);
    try (LiveFeed feed = new LiveFeed(controls.rigs(), clips, 25_000_000);
        DashboardServer server =
            new DashboardServer(
                DashboardSettings.of("127.0.0.1", port),
                feed,
                new TestStatus(feed, controls),
                () -> "",
                controls,
                FrameClock.system())) {
      server.start();
      System.out.println("http://127.0.0.1:" + server.port() + "/");
      Thread.currentThread().join();
    }
  }
}
