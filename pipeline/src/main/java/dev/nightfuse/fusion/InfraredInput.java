package dev.nightfuse.fusion;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.Registrar;
import dev.nightfuse.telemetry.StageMetrics;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings infrared frames of any size and depth onto the output picture, and keeps the last result
 * because a slower camera's frame is used several times. One thread at a time.
 */
final class InfraredInput {

  private static final Logger LOG = LoggerFactory.getLogger(InfraredInput.class);

  private final FusionSettings settings;
  private final Alignment alignment;
  private final @Nullable ToneMapper toneMapper;
  private final FrameClock clock;
  private final StageMetrics metrics;

  private @Nullable FrameFormat from;
  private @Nullable FrameFormat to;
  private @Nullable Registrar registrar;
  private int alignmentVersion;
  private boolean doubtful;
  private @Nullable ByteBuffer toned;

  private @Nullable Frame lastSource;
  private long lastSequence;
  private long lastCaptureNs;
  private @Nullable Frame lastRegistered;

  /**
   * @param metrics takes how long each frame took that was not the last one again
   */
  InfraredInput(
      FusionSettings settings,
      Alignment alignment,
      @Nullable ToneMapper toneMapper,
      FrameClock clock,
      StageMetrics metrics) {
    this.settings = settings;
    this.alignment = alignment;
    this.toneMapper = toneMapper;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Whether the calibration does not fit the cameras' pictures. */
  boolean doubtful() {
    return doubtful;
  }

  /**
   * The frame on the output picture with a reference for the caller; null when no memory is free.
   */
  @Nullable Frame register(Frame infrared, Canvas canvas) throws InterruptedException {
    Frame last = lastRegistered;
    if (last != null
        && infrared == lastSource
        && infrared.sequence() == lastSequence
        && infrared.captureNs() == lastCaptureNs
        && alignment.version() == alignmentVersion
        && last.format().widthPx() == canvas.format().widthPx()
        && last.format().heightPx() == canvas.format().heightPx()) {
      return last.retain();
    }
    long startNs = clock.nowNs();
    Registrar current = registrarFor(infrared.format(), canvas.format());
    Frame registered = canvas.borrowInfrared();
    if (registered == null) {
      return null;
    }
    registered.stamp(infrared.sequence(), infrared.captureNs(), infrared.arrivalNs());
    current.register(gray(infrared), registered.plane(0));
    forget();
    lastSource = infrared;
    lastSequence = infrared.sequence();
    lastCaptureNs = infrared.captureNs();
    lastRegistered = registered.retain();
    metrics.processed(clock.nowNs() - startNs);
    return registered;
  }

  void forget() {
    if (lastRegistered != null) {
      lastRegistered.release();
      lastRegistered = null;
    }
    lastSource = null;
  }

  private ByteBuffer gray(Frame infrared) {
    if (infrared.format().pixelFormat() != PixelFormat.GRAY16_LE) {
      return infrared.plane(0);
    }
    if (toneMapper == null) {
      throw new IllegalStateException(
          "infrared frame %s: no tone mapping for 16 bits".formatted(infrared.format()));
    }
    int pixels = infrared.format().widthPx() * infrared.format().heightPx();
    ByteBuffer buffer = toned;
    if (buffer == null || buffer.capacity() != pixels) {
      buffer = ByteBuffer.allocateDirect(pixels);
      toned = buffer;
    }
    toneMapper.map(infrared, buffer);
    return buffer;
  }

  private Registrar registrarFor(FrameFormat infrared, FrameFormat output) {
    Registrar current = registrar;
    int version = alignment.version();
    if (current != null && infrared.equals(from) && output.equals(to)) {
      if (version != alignmentVersion) {
        alignmentVersion = version;
        current.move(doubtful ? instead(infrared, output) : at(infrared, output));
      }
      return current;
    }
    from = infrared;
    to = output;
    alignmentVersion = version;
    Calibration calibration = fitting(infrared, output);
    current = new Registrar(calibration, settings.outsideLuma());
    registrar = current;
    if (calibration.stretches()) {
      LOG.warn(
          "infrared {} is stretched onto {}x{}, which has another shape; nightfuse calibrate finds how it lies",
          infrared,
          output.widthPx(),
          output.heightPx());
    }
    LOG.info(
        "infrared {} onto {}x{}: {}",
        infrared,
        output.widthPx(),
        output.heightPx(),
        current.isIdentity()
            ? "as it is"
            : "%.0f%% of the picture is covered".formatted(100 * current.coverage()));
    return current;
  }

  private Calibration fitting(FrameFormat infrared, FrameFormat output) {
    doubtful = false;
    try {
      return at(infrared, output);
    } catch (IllegalArgumentException e) {
      doubtful = true;
      LOG.warn("calibration not used: {}", e.getMessage());
    }
    return instead(infrared, output);
  }

  private Calibration at(FrameFormat infrared, FrameFormat output) {
    return alignment.at(
        infrared.widthPx(), infrared.heightPx(), output.widthPx(), output.heightPx());
  }

  private Calibration instead(FrameFormat infrared, FrameFormat output) {
    return alignment.instead(
        infrared.widthPx(), infrared.heightPx(), output.widthPx(), output.heightPx());
  }
}
