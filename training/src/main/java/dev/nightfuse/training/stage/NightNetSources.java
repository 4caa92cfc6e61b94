package dev.nightfuse.training.stage;

import dev.nightfuse.training.data.FilmClips;
import org.jspecify.annotations.Nullable;

/**
 * What NightNet learns from besides the pairs of a batch. Owns the teachers; one thread, that of
 * the stage.
 *
 * @param classes teacher of classes; null for none
 * @param pictures teacher of fused pictures; null for none
 * @param films that teach stability; null for none
 */
public record NightNetSources(
    @Nullable Teacher classes, @Nullable PictureTeacher pictures, @Nullable FilmClips films)
    implements AutoCloseable {

  /** The pairs alone. */
  public static final NightNetSources NONE = new NightNetSources(null, null, null);

  @Override
  public void close() {
    if (classes != null) {
      classes.close();
    }
    if (pictures != null) {
      pictures.close();
    }
  }
}
