package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.GroundTruth;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Draws one view of one rig.
 *
 * <p><b>Thread.</b> One at a time. <b>Ownership.</b> Borrows the fused frame for the call; the
 * result has a reference for the caller, and the times of the fused frame. A picture on which
 * nothing is drawn is not copied. <b>Size.</b> That of the fused frame; side by side it is half as
 * wide again, with even sides.
 */
public final class ViewRenderer {

  private static final int MARGIN_DOTS = 4;

  /** A caption may cover this part of a panel's height at most. */
  private static final int CAPTION_PART = 6;

  private static final byte BLACK = 16;
  private static final byte NEUTRAL = (byte) 128;

  private final View view;
  private final OverlayControl control;
  private final int poolFrames;
  private final FrameClock clock;
  private final StageMetrics metrics;
  private final ClassTint tint;
  private final TextBox text = new TextBox();

  private FalseColour colours;
  private @Nullable FramePool pool;
  private @Nullable SideBySide panels;

  /**
   * @param classes colours of the label values
   * @param poolFrames drawn pictures that may be on their way at a time
   */
  public ViewRenderer(
      View view,
      OverlayControl control,
      ClassPalette classes,
      int poolFrames,
      FrameClock clock,
      StageMetrics metrics) {
    this.view = view;
    this.control = control;
    this.poolFrames = poolFrames;
    this.clock = clock;
    this.metrics = metrics;
    this.tint = new ClassTint(classes, control.get());
    this.colours = new FalseColour(control.get().palette());
  }

  /** The picture (I420), or null (counted) when all memory is with the encoder. */
  public @Nullable Frame render(FusedFrame frame) {
    long startNs = clock.nowNs();
    Frame picture = draw(frame, control.get());
    if (picture == null) {
      metrics.dropped();
    } else {
      metrics.processed(clock.nowNs() - startNs);
    }
    return picture;
  }

  private @Nullable Frame draw(FusedFrame frame, OverlaySettings settings) {
    String status = StatusText.of(frame, view);
    return switch (view) {
      case FUSED -> plain(frame, frame.fused(), status);
      case VISIBLE -> plain(frame, frame.visible(), status);
      case OVERLAY -> overlay(frame, settings, status);
      case INFRARED -> infrared(frame, settings, status);
      case SIDE_BY_SIDE -> sideBySide(frame, settings, status);
    };
  }

  private @Nullable Frame plain(FusedFrame frame, @Nullable Frame source, String status) {
    if (source != null && status.isEmpty()) {
      return source.retain();
    }
    Frame picture = borrow(frame, frame.fused().format());
    if (picture == null) {
      return null;
    }
    if (source == null) {
      clear(picture);
    } else {
      copy(source, picture);
    }
    writeStatus(status, picture);
    return picture;
  }

  private @Nullable Frame overlay(FusedFrame frame, OverlaySettings settings, String status) {
    LabelMap labels = settings.opacity() > 0 ? labels(frame) : null;
    if (labels == null) {
      return plain(frame, frame.fused(), status);
    }
    Frame picture = borrow(frame, frame.fused().format());
    if (picture == null) {
      return null;
    }
    copy(frame.fused(), picture);
    tint.draw(labels, settings, picture);
    writeStatus(status, picture);
    return picture;
  }

  /** The network's labels, or where there are none, what a simulated camera knows. */
  private static @Nullable LabelMap labels(FusedFrame frame) {
    Frame labels = frame.labels();
    if (labels != null) {
      return new LabelMap(labels.plane(0), labels.format().widthPx(), labels.format().heightPx());
    }
    // A fused picture of an earlier moment would be tinted in the wrong places.
    Frame visible = frame.fusedAgeNs() > 0 ? null : frame.visible();
    GroundTruth truth = visible == null ? null : visible.truth();
    return visible == null || truth == null
        ? null
        : new LabelMap(truth.classMap(), visible.format().widthPx(), visible.format().heightPx());
  }

  private @Nullable Frame infrared(FusedFrame frame, OverlaySettings settings, String status) {
    FrameFormat format = frame.fused().format();
    Frame picture = borrow(frame, format);
    if (picture == null) {
      return null;
    }
    Frame thermal = frame.infrared();
    if (thermal == null) {
      clear(picture);
    } else {
      coloursFor(settings)
          .paint(thermal.plane(0), format.widthPx(), format.heightPx(), picture, 0, 0);
    }
    writeStatus(status, picture);
    return picture;
  }

  private @Nullable Frame sideBySide(FusedFrame frame, OverlaySettings settings, String status) {
    FrameFormat format = frame.fused().format();
    SideBySide layout = panels;
    if (layout == null || !layout.isFor(format)) {
      layout = new SideBySide(format);
      panels = layout;
    }
    Frame picture = borrow(frame, layout.format());
    if (picture == null) {
      return null;
    }
    Frame visible = frame.visible();
    Frame thermal = frame.infrared();
    if (visible == null || thermal == null || !layout.fills()) {
      clear(picture);
    }
    layout.drawFused(frame.fused(), picture);
    int scale = TextBox.scaleFor(format.heightPx() / 2);
    caption("FUSED", picture, 0, layout.format().heightPx(), scale);
    if (visible != null) {
      layout.drawVisible(visible, picture);
    }
    caption("VISIBLE", picture, layout.rightPx(), layout.middlePx(), scale);
    if (thermal != null) {
      layout.drawThermal(thermal, coloursFor(settings), picture);
    }
    caption("THERMAL", picture, layout.rightPx(), 2 * layout.middlePx(), scale);
    writeStatus(status, picture);
    return picture;
  }

  private void caption(String words, Frame picture, int leftPx, int bottomPx, int scale) {
    int height = TextBox.heightPx(scale);
    if (CAPTION_PART * height <= bottomPx) {
      text.draw(words, picture, leftPx, bottomPx - height, scale);
    }
  }

  private void writeStatus(String status, Frame picture) {
    if (!status.isEmpty()) {
      int scale = TextBox.scaleFor(picture.format().heightPx());
      int margin = 2 * ((MARGIN_DOTS * scale) / 2);
      text.draw(status, picture, margin, margin, scale);
    }
  }

  private FalseColour coloursFor(OverlaySettings settings) {
    if (colours.palette() != settings.palette()) {
      colours = new FalseColour(settings.palette());
    }
    return colours;
  }

  private @Nullable Frame borrow(FusedFrame frame, FrameFormat format) {
    FramePool current = pool;
    if (current == null || !current.format().equals(format)) {
      current = new FramePool(format, poolFrames);
      pool = current;
    }
    Frame picture = current.tryBorrow();
    if (picture != null) {
      picture.stamp(frame.sequence(), frame.captureNs(), frame.fused().arrivalNs());
    }
    return picture;
  }

  private static void copy(Frame from, Frame to) {
    to.data().put(0, from.data(), 0, from.format().sizeBytes());
  }

  private static void clear(Frame picture) {
    ByteBuffer luma = picture.plane(0);
    for (int i = 0; i < luma.capacity(); i++) {
      luma.put(i, BLACK);
    }
    for (int plane = 1; plane <= 2; plane++) {
      ByteBuffer chroma = picture.plane(plane);
      for (int i = 0; i < chroma.capacity(); i++) {
        chroma.put(i, NEUTRAL);
      }
    }
  }
}
