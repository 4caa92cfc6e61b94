package dev.nightfuse.camera.v4l2;

import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraOptions;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code v4l2:} cameras: USB video, capture cards and whatever else has a {@code /dev/videoN}. */
public final class V4l2Adapter implements CameraAdapter {

  private static final int SHOWN_FORMATS = 8;

  /**
   * Sensors of 9 pictures a second behind faster outputs give each of them for up to 120 ms, and
   * twice that when one is lost; shutters close for longer.
   */
  private static final int INFRARED_FREEZE_MS = 300;

  /** Slow shutters at night give each picture for up to a second behind an output of 25 or 30. */
  private static final int VISIBLE_FREEZE_MS = 2_000;

  private final Path devices;
  private final Path names;

  public V4l2Adapter() {
    this(Path.of("/dev"), Path.of("/sys/class/video4linux"));
  }

  V4l2Adapter(Path devices, Path names) {
    this.devices = devices;
    this.names = names;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("v4l2");
  }

  @Override
  public String usage() {
    return "v4l2:/dev/videoN?size=WxH&fps=N&format=Y16|GREY|YUYV|NV12|MJPG|..."
        + "&rotate=90|180|270&flip=horizontal|vertical&connect_ms=N&silence_ms=N&freeze_ms=N"
        + "  a camera of this machine; without options the best of what it offers";
  }

  @Override
  public CameraSource open(CameraSettings settings) throws CameraException {
    CameraOptions options =
        new CameraOptions(
            settings.uri(),
            "size",
            "rotate",
            "flip",
            "fps",
            "format",
            "connect_ms",
            "silence_ms",
            "freeze_ms");
    if (!settings.uri().rest().startsWith("/")) {
      throw new CameraException("%s: expected %s".formatted(settings.uri(), usage()));
    }
    Framing framing = options.framing();
    return new V4l2Source(
        settings,
        Path.of(settings.uri().rest()),
        new FormatChoice(
            settings.modality(),
            framing.capturedSize(),
            options.number("fps", 0, 0, 1000),
            options.text("format")),
        framing.orientation(),
        options.integer("connect_ms", 5_000, 100, 600_000),
        options.integer("silence_ms", 0, 50, 600_000),
        options.freezeMs(
            settings.modality() == Modality.INFRARED ? INFRARED_FREEZE_MS : VISIBLE_FREEZE_MS),
        this);
  }

  /** The devices that are there, in order. */
  List<Path> devices() {
    try (Stream<Path> entries = Files.list(devices)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("video\\d+"))
          .sorted(
              java.util.Comparator.comparingInt(
                  entry -> Integer.parseInt(entry.getFileName().toString().substring(5))))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public List<String> discover() {
    List<String> found = new ArrayList<>();
    for (Path device : devices()) {
      found.add("v4l2:%s  %s  %s".formatted(device, nameOf(device), offerOf(device)));
    }
    return found;
  }

  private String nameOf(Path device) {
    try {
      return Files.readString(names.resolve(device.getFileName()).resolve("name")).strip();
    } catch (IOException e) {
      return "(no name)";
    }
  }

  private static String offerOf(Path device) {
    try {
      List<DeviceFormat> formats = V4l2Source.formatsOf(GstRuntime.start(), device);
      if (formats.isEmpty()) {
        return "offers no video";
      }
      String shown =
          String.join(
              ", ", formats.stream().limit(SHOWN_FORMATS).map(DeviceFormat::toString).toList());
      return formats.size() > SHOWN_FORMATS
          ? shown + " and %d more".formatted(formats.size() - SHOWN_FORMATS)
          : shown;
    } catch (GstException e) {
      return "cannot be asked: " + e.getMessage();
    }
  }
}
