package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapters;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.NightfuseConfig;
import dev.nightfuse.encode.EncoderSettings;
import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The work whose footprint is measured, in a JVM with a small heap: {@code frames COUNT} or {@code
 * cycles COUNT}. Prints the footprint after half of it and at the end.
 */
final class LeakChild {

  private LeakChild() {}

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    if (args[0].equals("frames")) {
      frames(count);
    } else {
      cycles(count);
    }
    System.exit(0);
  }

  private static void print() {
    try {
      Footprint now = Footprint.of(ProcessHandle.current().pid());
      System.out.println(now.residentKib() + " " + now.descriptors() + " " + now.threads());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void frames(int count) throws Exception {
    CameraUri uri = CameraUri.parse("simulated:night?size=320x240&frames=" + count);
    NightfuseConfig config = ConfigLoader.defaults("leak", uri, uri);
    Engines engines =
        new Engines(
            config.engine(),
            new ModelStore(Places.of(System.getenv()).models()),
            Nightfuse.engineProviders());
    OfflineRig.Plan plan =
        new OfflineRig.Plan(
            uri, uri, Alignment.sameFieldOfView(), View.FUSED, EncoderSettings.DEFAULT);
    int[] encoded = {0};
    new OfflineRig(plan, engines, new CameraAdapters(Nightfuse.cameraAdapters()))
        .run(
            new VideoEncoder.Listener() {
              @Override
              public void described(StreamInfo info) {}

              @Override
              public void encoded(AccessUnit unit) {
                encoded[0]++;
                // Both in mid-stream, so that the same things are open.
                if (encoded[0] == count / 2 || encoded[0] == count - 10) {
                  print();
                }
              }
            });
    if (encoded[0] != count) {
      throw new AssertionError("of " + count + " frames " + encoded[0] + " came out");
    }
  }

  private static void cycles(int count) throws Exception {
    String yaml =
        """
        server: {rtsp: {port: 0}, dashboard: {port: 0}}
        rigs:
          - name: leak
            visible: {uri: "simulated:night?size=320x240"}
            infrared: {uri: "simulated:night?size=320x240"}
            recording: {on_start: true}
        """;
    NightfuseConfig config = ConfigLoader.parse(Path.of("leak.yaml"), yaml);
    Places places = Places.of(System.getenv());
    for (int i = 1; i <= count; i++) {
      try (Nightfuse nightfuse = new Nightfuse(config, places)) {
        nightfuse.start();
        Await.until("frames", Program.PATIENCE, () -> nightfuse.fusedFrames() > 3);
      }
      if (i == count / 2 || i == count) {
        print();
      }
    }
  }
}
