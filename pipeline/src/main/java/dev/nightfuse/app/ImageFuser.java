package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.fusion.EngineOpener;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Registrar;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fuses pictures from files, one pair at a time. Keeps the engine and the planes of the last size.
 * One thread.
 *
 * <p>Luma-only models get full-range luma and so lose nothing to the narrower range of video;
 * models that read colour get the planes they would get from a camera.
 */
final class ImageFuser implements AutoCloseable {

  private final EngineOpener opener;
  private final Set<String> modelInputs;
  private final Alignment alignment;
  private @Nullable Session session;

  /**
   * @param modelInputs input planes that the model declares
   */
  ImageFuser(EngineOpener opener, Set<String> modelInputs, Alignment alignment) {
    this.opener = opener;
    this.modelInputs = modelInputs;
    this.alignment = alignment;
  }

  BufferedImage fuse(Picture visible, Picture infrared) throws EngineException {
    Session current = session;
    if (current == null
        || current.width != visible.widthPx()
        || current.height != visible.heightPx()) {
      close();
      current =
          new Session(
              opener.open(visible.widthPx(), visible.heightPx(), 1),
              visible.widthPx(),
              visible.heightPx());
      session = current;
    }
    boolean colour = modelInputs.contains("visible_u");
    if (colour) {
      visible.i420(current.luma, current.u, current.v);
    } else {
      visible.luma(current.luma);
    }
    ByteBuffer raw = direct(infrared.widthPx() * infrared.heightPx());
    infrared.luma(raw);
    new Registrar(
            alignment.at(
                infrared.widthPx(), infrared.heightPx(), visible.widthPx(), visible.heightPx()),
            0)
        .register(raw, current.infrared);
    current.batch.clear();
    current.batch.add(
        current.luma, current.u, current.v, current.infrared, current.fused, current.labels);
    current.engine.fuse(current.batch);
    return visible.withLuma(current.fused, colour);
  }

  private static ByteBuffer direct(int sizeBytes) {
    return ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
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
    private final ByteBuffer luma;
    private final ByteBuffer u;
    private final ByteBuffer v;
    private final ByteBuffer infrared;
    private final ByteBuffer fused;
    private final @Nullable ByteBuffer labels;
    private final FusionBatch batch = new FusionBatch(1);

    Session(FusionEngine engine, int width, int height) {
      this.engine = engine;
      this.width = width;
      this.height = height;
      int chroma = ((width + 1) / 2) * ((height + 1) / 2);
      this.luma = direct(width * height);
      this.u = direct(chroma);
      this.v = direct(chroma);
      this.infrared = direct(width * height);
      this.fused = direct(width * height);
      EngineSpec spec = engine.spec();
      this.labels = spec.segments() ? direct(spec.labelWidthPx() * spec.labelHeightPx()) : null;
    }
  }
}
