package dev.nightfuse.camera.rtsp;

import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraOptions;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.capture.CaptureFormat;
import dev.nightfuse.camera.capture.LiveCapture;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code rtsp:} and {@code rtsps:} cameras with H.264, H.265 or Motion JPEG video. */
public final class RtspAdapter implements CameraAdapter {

  private static final int MAX_CERTIFICATE_BYTES = 1 << 20;
  private static final String PEM_CERTIFICATE = "-----BEGIN CERTIFICATE-----";

  @Override
  public Set<String> schemes() {
    return Set.of("rtsp", "rtsps");
  }

  @Override
  public String usage() {
    return "rtsp://[USER:PASSWORD@]HOST[:PORT]/PATH?nf.transport=tcp|udp&nf.latency_ms=N&nf.connect_ms=N"
        + "&nf.silence_ms=N&nf.freeze_ms=N&nf.certificate=FILE&nf.size=WxH&nf.rotate=90|180|270&nf.flip=horizontal|vertical  a network camera; options without nf. are the camera's own";
  }

  @Override
  public CameraSource open(CameraSettings settings) throws CameraException {
    if (!settings.uri().rest().startsWith("//") || settings.uri().rest().length() < 3) {
      throw new CameraException("%s: expected %s".formatted(settings.uri(), usage()));
    }
    CameraOptions options =
        new CameraOptions(
            settings.uri(),
            "transport",
            "latency_ms",
            "connect_ms",
            "silence_ms",
            "freeze_ms",
            "certificate",
            "size",
            "rotate",
            "flip");
    return new Source(
        settings,
        options.choice("transport", "tcp", "tcp", "udp"),
        options.integer("latency_ms", 100, 0, 10_000),
        options.integer("connect_ms", 8_000, 100, 600_000),
        options.integer("silence_ms", 0, 50, 600_000),
        // An encoder may make equal pictures of a scene that is still.
        options.freezeMs(0),
        certificate(settings.uri(), options),
        options.framing());
  }

  private static @Nullable String certificate(CameraUri uri, CameraOptions options)
      throws CameraException {
    String file = options.text("certificate");
    if (file == null) {
      return null;
    }
    if (!uri.scheme().equals("rtsps")) {
      throw options.wrong("certificate", "a file for rtsps:// addresses only");
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(MAX_CERTIFICATE_BYTES);
      // GStreamer takes PEM alone, and fails only when it connects; Java would take DER as well.
      boolean pem = new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM_CERTIFICATE);
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      if (pem && !x509.generateCertificates(new ByteArrayInputStream(bytes)).isEmpty()) {
        return file;
      }
    } catch (IOException | CertificateException e) {
      // Answered below, like a file without any.
    }
    throw options.wrong("certificate", "a PEM file, readable, with the camera's certificate");
  }

  @Override
  public List<String> discover() {
    return List.of();
  }

  /**
   * @param latencyMs how long the jitter buffer waits for a packet that is missing; when none is,
   *     it costs nothing
   * @param certificate PEM file with the camera's own certificate; null trusts what this machine
   *     trusts
   */
  private record Source(
      CameraSettings settings,
      String transport,
      int latencyMs,
      long connectMs,
      long silenceMs,
      long freezeMs,
      @Nullable String certificate,
      Framing framing)
      implements CameraSource {

    /** Of all streams only video is linked; sound stays in the source. */
    private static final String PIPELINE =
        "rtspsrc name=camera ! capsfilter caps=\"application/x-rtp,media=video\" ! decodebin ! %s";

    @Override
    public void run(FrameSink sink, StopSignal stop) throws CameraException {
      String tail = CaptureFormat.video(settings.modality(), framing, LiveCapture.SINK_PROPERTIES);
      try (GstPipeline pipeline = open(PIPELINE.formatted(tail))) {
        new LiveCapture(settings, connectMs, silenceMs).run(pipeline, sink, stop);
      } catch (GstException e) {
        throw new CameraException(
            "%s: %s%s"
                .formatted(settings.uri(), e.getMessage(), hint(String.valueOf(e.getMessage()))),
            e);
      }
    }

    /** What GStreamer keeps to itself: it fails to connect, too, when TLS fails. */
    private String hint(String failure) {
      if (!settings.uri().scheme().equals("rtsps") || !failure.contains("(Failed to connect.")) {
        return "";
      }
      return certificate == null
          ? " Nobody listens there, or its certificate is signed by nobody whom this machine trusts; nf.certificate=FILE trusts the one in the file."
          : " Nobody listens there, or its certificate is not the one in %s."
              .formatted(certificate);
    }

    private GstPipeline open(String description) throws GstException {
      GstRuntime runtime = GstRuntime.start();
      runtime.require("rtspsrc", "rtph264depay", "h264parse", "decodebin");
      GstPipeline pipeline = runtime.parse(description);
      try {
        pipeline.set("camera", "location", settings.uri().address());
        pipeline.set("camera", "protocols", transport);
        pipeline.set("camera", "latency", String.valueOf(latencyMs));
        // Silence is noticed here and not by a fall-back to another transport behind our back.
        pipeline.set("camera", "timeout", "0");
        pipeline.set("camera", "tcp-timeout", connectMs + "000");
        if (certificate != null) {
          pipeline.trust("camera", certificate);
          // Whose certificate it is need not be in it: cameras sign theirs before they have an
          // address. Neither do the clocks of cameras and vehicles agree on its time.
          pipeline.set(
              "camera", "tls-validation-flags", "unknown-ca+revoked+insecure+generic-error");
        }
        return pipeline;
      } catch (GstException e) {
        pipeline.close();
        throw e;
      }
    }
  }
}
