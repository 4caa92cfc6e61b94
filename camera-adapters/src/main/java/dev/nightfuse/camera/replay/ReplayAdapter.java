package dev.nightfuse.camera.replay;

import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraOptions;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.Pacing;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code replay:} plays video files and folders of pictures. Cameras of one rig (the part of their
 * names before the last slash) that were opened through the same adapter share one timeline.
 */
public final class ReplayAdapter implements CameraAdapter {

  private final Map<String, ReplayTimeline> timelines = new HashMap<>();

  @Override
  public Set<String> schemes() {
    return Set.of("replay");
  }

  @Override
  public String usage() {
    return "replay:PATH?loop=true|false&rate=source|taken&fps=N&size=WxH&rotate=90|180|270&flip=horizontal|vertical"
        + "  a video file, a folder of pictures (%s) or one picture; fps is for pictures, and videos that tell no rate"
            .formatted(PictureType.known());
  }

  @Override
  public CameraSource open(CameraSettings settings) throws CameraException {
    CameraOptions options =
        new CameraOptions(settings.uri(), "loop", "rate", "fps", "size", "rotate", "flip");
    String rate =
        options.choice(
            "rate", settings.pacing() == Pacing.LIVE ? "source" : "taken", "source", "taken");
    if (settings.pacing() == Pacing.LIVE && rate.equals("taken")) {
      throw new CameraException(
          "%s: rate=taken; allowed where pictures are shown live is source"
              .formatted(settings.uri()));
    }
    Path path;
    try {
      path = Path.of(settings.uri().rest()).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new CameraException("%s: not a path".formatted(settings.uri()), e);
    }
    if (settings.uri().rest().isEmpty()) {
      throw new CameraException("replay: needs a path, as in " + usage());
    }
    return new ReplaySource(
        settings,
        path,
        options.flag("loop", false),
        rate.equals("source") ? Pacing.LIVE : Pacing.AS_TAKEN,
        options.number("fps", 10, 0.01, 1000),
        options.framing(),
        this);
  }

  /** Joins the timeline of a camera's rig; the first one makes it. */
  synchronized ReplayTimeline.Member join(String camera, Pacing pacing) {
    int slash = camera.lastIndexOf('/');
    String key = pacing + " " + (slash < 0 ? camera : camera.substring(0, slash));
    ReplayTimeline timeline = timelines.get(key);
    // One that everybody left is over: who comes next starts at the beginning again.
    if (timeline == null || timeline.isEmpty()) {
      timeline = new ReplayTimeline(pacing == Pacing.LIVE);
      timelines.put(key, timeline);
    }
    return timeline.join();
  }

  @Override
  public List<String> discover() {
    return List.of();
  }
}
