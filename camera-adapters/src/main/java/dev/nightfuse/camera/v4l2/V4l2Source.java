package dev.nightfuse.camera.v4l2;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Orientation;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.capture.CaptureFormat;
import dev.nightfuse.camera.capture.LiveCapture;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One opening of one device: asks what it offers, chooses, captures. */
final class V4l2Source implements CameraSource {

  private static final Logger LOG = LoggerFactory.getLogger(V4l2Source.class);

  private final CameraSettings settings;
  private final Path device;
  private final FormatChoice choice;
  private final Orientation orientation;
  private final int connectMs;
  private final int silenceMs;
  private final int freezeMs;
  private final V4l2Adapter adapter;

  V4l2Source(
      CameraSettings settings,
      Path device,
      FormatChoice choice,
      Orientation orientation,
      int connectMs,
      int silenceMs,
      int freezeMs,
      V4l2Adapter adapter) {
    this.settings = settings;
    this.device = device;
    this.choice = choice;
    this.orientation = orientation;
    this.connectMs = connectMs;
    this.silenceMs = silenceMs;
    this.freezeMs = freezeMs;
    this.adapter = adapter;
  }

  @Override
  public void run(FrameSink sink, StopSignal stop) throws CameraException {
    checkThere();
    try {
      GstRuntime runtime = GstRuntime.start();
      runtime.require("v4l2src", "jpegdec");
      DeviceFormat format = choose(formatsOf(runtime, device));
      LOG.info("camera {} captures {}", settings.name(), format);
      try (GstPipeline pipeline = runtime.parse(description(format))) {
        pipeline.set("camera", "device", device.toString());
        new LiveCapture(settings, connectMs, silenceMs).run(pipeline, sink, stop);
      }
    } catch (GstException e) {
      throw new CameraException("%s: %s".formatted(settings.uri(), e.getMessage()), e);
    }
  }

  @Override
  public long connectMs() {
    return connectMs;
  }

  @Override
  public long silenceMs() {
    return silenceMs;
  }

  @Override
  public long freezeMs() {
    return freezeMs;
  }

  private void checkThere() throws CameraException {
    if (!Files.exists(device)) {
      List<Path> there = adapter.devices();
      throw new CameraException(
          "%s: no such device; this machine has %s"
              .formatted(
                  settings.uri(),
                  there.isEmpty()
                      ? "none"
                      : there.stream().map(Path::toString).collect(Collectors.joining(", "))));
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      throw new CameraException(
          "%s: this user may not open it; usually membership of the group \"video\" is missing"
              .formatted(settings.uri()));
    }
  }

  /** Opens the device, reads what it offers, and closes it again. */
  static List<DeviceFormat> formatsOf(GstRuntime runtime, Path device) throws GstException {
    runtime.require("v4l2src");
    try (GstPipeline pipeline = runtime.parse("v4l2src name=camera ! fakesink")) {
      pipeline.set("camera", "device", device.toString());
      pipeline.ready();
      return DeviceFormat.parse(pipeline.outputCaps("camera"));
    }
  }

  DeviceFormat choose(List<DeviceFormat> offered) throws CameraException {
    return choice
        .among(offered)
        .orElseThrow(
            () ->
                new CameraException(
                    "%s: the device does not offer that; it offers %s%s"
                        .formatted(
                            settings.uri(),
                            orientation.swapsSides() ? "(before it is turned) " : "",
                            offered.isEmpty()
                                ? "no video"
                                : offered.stream()
                                    .map(DeviceFormat::toString)
                                    .distinct()
                                    .collect(Collectors.joining(", ")))));
  }

  /** The pipeline for a format; 16-bit samples meet no element that could narrow them. */
  String description(DeviceFormat format) {
    StringBuilder caps = new StringBuilder(format.media());
    if (format.media().equals(DeviceFormat.RAW)) {
      caps.append(",format=").append(format.format());
    }
    caps.append(",width=%d,height=%d".formatted(format.widthPx(), format.heightPx()));
    double fps = choice.fps() > 0 ? choice.fps() : format.usualFps();
    if (fps > 0) {
      caps.append(",framerate=").append(format.rateNear(fps));
    }
    // The device gives the size already.
    Framing framing = new Framing(null, orientation);
    String tail =
        format.name().startsWith("GRAY")
            ? CaptureFormat.still(settings.modality(), framing, LiveCapture.SINK_PROPERTIES)
            : CaptureFormat.video(settings.modality(), framing, LiveCapture.SINK_PROPERTIES);
    return "v4l2src name=camera ! capsfilter caps=\"%s\" ! %s%s"
        .formatted(caps, format.media().equals(DeviceFormat.JPEG) ? "jpegdec ! " : "", tail);
  }
}
