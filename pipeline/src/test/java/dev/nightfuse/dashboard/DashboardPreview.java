package dev.nightfuse.dashboard;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.H264Sample;
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
    List<String> visible = List.of("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=30");
    List<String> infrared = List.of("-f", "lavfi", "-i", "mandelbrot=size=640x480:rate=30");
    if (args.length == 2) {
      visible = List.of("-stream_loop", "5", "-i", args[0]);
      infrared = List.of("-stream_loop", "5", "-i", args[1]);
    }
    Map<View, H264Sample> clips = new EnumMap<>(View.class);
    clips.put(View.FUSED, H264Sample.encoded(visible, "eq=contrast=1.2", 640, 480, 8));
    clips.put(View.OVERLAY, H264Sample.encoded(visible, "hue=h=40", 640, 480, 8));
    clips.put(View.VISIBLE, H264Sample.encoded(visible, "", 640, 480, 8));
    clips.put(View.INFRARED, H264Sample.encoded(infrared, "", 640, 480, 8));
    clips.put(
        View.SIDE_BY_SIDE, H264Sample.encoded(visible, "split[a][b];[a][b]hstack", 1280, 480, 8));
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
                FrameClock.system(),
                new Gate(Passwords.NONE, FrameClock.system()),
                null)) {
      server.start();
      System.out.println("http://127.0.0.1:" + server.port() + "/");
      Thread.currentThread().join();
    }
  }
}
