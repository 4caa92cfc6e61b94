package dev.nightfuse.training.stage;

import dev.nightfuse.training.data.FilmClips;
import org.jspecify.annotations.Nullable;

/**
 * What NightNet learns from besides the pairs of a batch. Owns the teachers; one thread, that of
 * the stage.
 *
 * @param classes teacher of classes alone; null for none
 * @param dense teacher of fused pictures, and of classes where there is no other; null for none
 * @param films that teach stability; null for none
 */
public record NightNetSources(
    @Nullable Teacher classes, @Nullable DenseTeacher dense, @Nullable FilmClips films)
    implements AutoCloseable {

  /** The pairs alone. */
  public static final NightNetSources NONE = new NightNetSources(null, null, null);

  @Override
  public void close() {
    if (classes != null) {
      classes.close();
    }
    if (dense != null) {
      dense.close();
    }
  }
}
