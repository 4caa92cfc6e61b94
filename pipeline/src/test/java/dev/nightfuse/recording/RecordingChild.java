package dev.nightfuse.recording;

import dev.nightfuse.frame.FrameClock;
import java.nio.file.Path;

/** Records in real time until it is killed or the recorder stops; says how far it is. */
final class RecordingChild {

  private RecordingChild() {}

  public static void main(String[] args) throws InterruptedException {
    FakeStream stream = new FakeStream(FrameClock.system());
    Recorder recorder =
        new Recorder(
            stream.hub,
            new RecorderSettings(Path.of(args[0]), 60_000, 500, 0, 300, 0, false),
            FrameClock.system());
    recorder.start();
    while (stream.hub.viewers() == 0) {
      Thread.sleep(1);
    }
    for (int published = 1; recorder.status().active(); published++) {
      stream.publish(1);
      System.out.println("published " + published);
      Thread.sleep(FakeStream.PERIOD_NS / 1_000_000);
    }
    System.out.println("error " + recorder.status().error());
  }
}
