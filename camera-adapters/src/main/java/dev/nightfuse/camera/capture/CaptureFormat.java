package dev.nightfuse.camera.capture;

import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Orientation;
import dev.nightfuse.camera.PictureSize;
import dev.nightfuse.gst.FrameCopier;
import java.util.List;

/**
 * The end of every capture pipeline: what a camera of a modality delivers, converted as little as
 * can be.
 *
 * <p>Visible pictures become I420 with the BT.601 matrix. Infrared ones stay 16-bit where they are,
 * and otherwise become 8-bit luma. The negotiation prefers the format that loses and invents least.
 * Ranges are left to the {@link #copier}. Dithering is off, so that equal samples stay equal.
 *
 * <p>Turning and mirroring come last and only move samples. What a file or stream says itself about
 * its orientation is not followed: it may come after the first picture, and the address decides.
 */
public final class CaptureFormat {

  /** Name of the sink in every capture pipeline. */
  public static final String SINK = "frames";

  private static final String VISIBLE = "video/x-raw,format=I420,colorimetry={bt601,1:4:0:0}";

  /** Planar colour is let through as it is: the copier takes its luma. */
  private static final String INFRARED =
      "video/x-raw,format={GRAY16_LE,GRAY8,I420,NV12,NV21,YV12,Y42B,Y444}";

  /** Stills are often RGB, which keeps more levels when it becomes grey in one step. */
  private static final String INFRARED_STILL = "video/x-raw,format={GRAY16_LE,GRAY8}";

  private CaptureFormat() {}

  /**
   * The tail of a pipeline for moving pictures.
   *
   * @param sinkProperties such as {@code max-buffers=2 drop=true}
   */
  public static String video(Modality modality, Framing framing, String sinkProperties) {
    return tail(modality == Modality.VISIBLE ? VISIBLE : INFRARED, framing, sinkProperties);
  }

  /**
   * The tail of a pipeline for stills and for grey sources; see {@link #video}. Visible ones take
   * the way over RGB, which most stills are already: from grey straight to I420, GStreamer copies
   * luma and forgets its range.
   */
  public static String still(Modality modality, Framing framing, String sinkProperties) {
    return modality == Modality.VISIBLE
        ? "videoconvert dither=none ! capsfilter caps=\"video/x-raw,format=RGB\" ! "
            + tail(VISIBLE, framing, sinkProperties)
        : tail(INFRARED_STILL, framing, sinkProperties);
  }

  /** What copies the samples of such a pipeline into frames. The caller closes it. */
  public static FrameCopier copier(Modality modality) {
    return new FrameCopier(modality == Modality.INFRARED);
  }

  private static String tail(String caps, Framing framing, String sinkProperties) {
    PictureSize size = framing.capturedSize();
    String scale =
        size == null
            ? ""
            : " ! videoscale ! capsfilter caps=\"video/x-raw,width=%d,height=%d,pixel-aspect-ratio=1/1\""
                .formatted(size.widthPx(), size.heightPx());
    String flip =
        framing.orientation().equals(Orientation.AS_CAPTURED)
            ? ""
            : " ! videoflip video-direction=" + direction(framing.orientation());
    return "videoconvert dither=none%s ! capsfilter caps=\"%s\"%s ! appsink name=%s sync=false enable-last-sample=false %s"
        .formatted(scale, caps, flip, SINK, sinkProperties);
  }

  /** GStreamer's name. A quarter turn that is mirrored is a reflection across a diagonal. */
  private static String direction(Orientation orientation) {
    List<String> byQuarterTurns =
        switch (orientation.flip()) {
          case NONE -> List.of("identity", "90r", "180", "90l");
          case HORIZONTAL -> List.of("horiz", "ul-lr", "vert", "ur-ll");
          case VERTICAL -> List.of("vert", "ur-ll", "horiz", "ul-lr");
        };
    return byQuarterTurns.get(orientation.turnedDegrees() / 90);
  }
}
