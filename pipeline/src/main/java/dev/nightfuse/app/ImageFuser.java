package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.fusion.EngineOpener;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Registrar;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Fuses pictures from files, one pair at a time. Keeps the engine and the planes of the last size.
 * One thread.
 *
 * <p>Luma has full range, and so loses nothing to the narrower range of video, unless a model that
 * reads colour was made for video alone. A model that needs sides of some multiple gets the picture
 * with its last column and row repeated.
 */
final class ImageFuser implements AutoCloseable {

  private final EngineOpener opener;
  private final ModelManifest model;
  private final Alignment alignment;
  private @Nullable Session session;

  /**
   * What a model makes of a pair, in the size of the visible picture.
   *
   * @param picture fused, in the colours of the visible picture
   * @param luma fused luma, full range
   * @param labels class of each pixel; null when the model does not segment
   */
  record Fused(BufferedImage picture, byte[] luma, byte @Nullable [] labels) {}

  ImageFuser(EngineOpener opener, ModelManifest model, Alignment alignment) {
    this.opener = opener;
    this.model = model;
    this.alignment = alignment;
  }

  BufferedImage fuse(Picture visible, Picture infrared) throws EngineException {
    return visible.withLuma(run(visible, infrared).fused.tight(), limitedRange());
  }

  /** Like {@link #fuse}, with the planes behind the picture. */
  Fused fuseWithPlanes(Picture visible, Picture infrared) throws EngineException {
    Session current = run(visible, infrared);
    ByteBuffer fused = current.fused.tight();
    byte[] luma = new byte[fused.capacity()];
    boolean limited = limitedRange();
    for (int i = 0; i < luma.length; i++) {
      int stored = fused.get(i) & 0xff;
      double full = limited ? (stored - 16) * 255.0 / 219 : stored;
      luma[i] = (byte) Math.round(Math.max(0, Math.min(255, full)));
    }
    return new Fused(visible.withLuma(fused, limited), luma, current.labelsAtPictureSize());
  }

  private boolean colour() {
    return model.inputs().contains(ModelManifest.VISIBLE_U);
  }

  private boolean limitedRange() {
    return colour() && !model.fullRange();
  }

  private Session run(Picture visible, Picture infrared) throws EngineException {
    Session current = session;
    if (current == null
        || current.width != visible.widthPx()
        || current.height != visible.heightPx()) {
      close();
      int width = PaddedPlane.up(visible.widthPx(), model.sizeMultiple());
      int height = PaddedPlane.up(visible.heightPx(), model.sizeMultiple());
      current = new Session(opener.open(width, height, 1), visible.widthPx(), visible.heightPx());
      session = current;
    }
    if (colour()) {
      if (limitedRange()) {
        visible.limitedLuma(current.luma.tight());
      } else {
        visible.luma(current.luma.tight());
      }
      visible.chroma(current.u.tight(), current.v.tight());
      current.u.extend();
      current.v.extend();
    } else {
      visible.luma(current.luma.tight());
    }
    current.luma.extend();
    ByteBuffer raw = PaddedPlane.direct(infrared.widthPx() * infrared.heightPx());
    infrared.luma(raw);
    new Registrar(
            alignment.at(
                infrared.widthPx(), infrared.heightPx(), visible.widthPx(), visible.heightPx()),
            0)
        .register(raw, current.infrared.tight());
    current.infrared.extend();
    current.fuse();
    return current;
  }

  @Override
  public void close() {
    if (session != null) {
      session.engine.close();
      session = null;
    }
  }

  /** An engine and its planes for one size. */
  private static final class Session {
    private final FusionEngine engine;
    private final int width;
    private final int height;
    private final PaddedPlane luma;
    private final PaddedPlane u;
    private final PaddedPlane v;
    private final PaddedPlane infrared;
    private final PaddedPlane fused;
    private final @Nullable ByteBuffer labels;
    private final FusionBatch batch = new FusionBatch(1);

    Session(FusionEngine engine, int width, int height) {
      this.engine = engine;
      this.width = width;
      this.height = height;
      EngineSpec spec = engine.spec();
      int paddedWidth = spec.widthPx();
      int paddedHeight = spec.heightPx();
      this.luma = new PaddedPlane(width, height, paddedWidth, paddedHeight);
      this.u = chroma(width, height, paddedWidth, paddedHeight);
      this.v = chroma(width, height, paddedWidth, paddedHeight);
      this.infrared = new PaddedPlane(width, height, paddedWidth, paddedHeight);
      this.fused = new PaddedPlane(width, height, paddedWidth, paddedHeight);
      this.labels =
          spec.segments() ? PaddedPlane.direct(spec.labelWidthPx() * spec.labelHeightPx()) : null;
    }

    private static PaddedPlane chroma(int width, int height, int paddedWidth, int paddedHeight) {
      return new PaddedPlane(
          (width + 1) / 2, (height + 1) / 2, (paddedWidth + 1) / 2, (paddedHeight + 1) / 2);
    }

    void fuse() throws EngineException {
      batch.clear();
      batch.add(luma.padded(), u.padded(), v.padded(), infrared.padded(), fused.padded(), labels);
      engine.fuse(batch);
      fused.crop();
    }

    /** Each pixel gets the label of the label pixel it lies in. */
    byte @Nullable [] labelsAtPictureSize() {
      if (labels == null) {
        return null;
      }
      EngineSpec spec = engine.spec();
      byte[] result = new byte[width * height];
      for (int y = 0; y < height; y++) {
        int row = y * spec.labelHeightPx() / spec.heightPx() * spec.labelWidthPx();
        for (int x = 0; x < width; x++) {
          result[y * width + x] = labels.get(row + x * spec.labelWidthPx() / spec.widthPx());
        }
      }
      return result;
    }
  }
}
