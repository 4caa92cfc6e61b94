package dev.nightfuse.training.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two frames of a film that follow each other, cut alike, so that they differ by what moved and by
 * noise. A folder of films is a data set whose pairs, in the order of their names, belong together
 * two by two. The same seed gives the same clip. Safe for several threads.
 */
public final class FilmClips {

  /** The same part of a frame and of the next. */
  public record Clip(TrainingSample before, TrainingSample after) {}

  /**
   * @param starts numbers of the first frames of its clips
   */
  private record Film(PairDataset frames, List<Integer> starts) {}

  private final List<Film> films = new ArrayList<>();
  private final Augmenter crop;

  /**
   * @param folders each as likely as the others
   * @param split says which frames are held out; a clip with one of them is left out
   * @param sidePx of the crops
   * @param cacheBytes of decoded pairs that each folder may keep
   * @throws DataException when a folder cannot be read, holds no or an odd number of pairs, or
   *     nothing but what is held out
   */
  public FilmClips(List<Path> folders, SceneSplit split, int sidePx, long cacheBytes)
      throws DataException {
    for (Path folder : folders) {
      FolderDataset film = FolderDataset.open(folder);
      if (film.size() % 2 != 0) {
        throw new DataException(
            "film %s holds %d pairs; frames that follow each other come two by two, so their number is even"
                .formatted(folder, film.size()));
      }
      List<Integer> starts = new ArrayList<>();
      for (int i = 0; i < film.size(); i += 2) {
        if (!split.heldOut(film.name(i)) && !split.heldOut(film.name(i + 1))) {
          starts.add(i);
        }
      }
      if (starts.isEmpty()) {
        throw new DataException(
            "film %s: all of its %d pairs are held out (see held-out), nothing is left to learn from"
                .formatted(folder, film.size()));
      }
      films.add(new Film(new SampleCache(film, cacheBytes), starts));
    }
    this.crop = new Augmenter(Augmentation.cropOnly(sidePx, sidePx));
  }

  public Clip clip(long seed) {
    Dice dice = new Dice(seed);
    Film film = films.get(dice.below(films.size()));
    int first = film.starts.get(dice.below(film.starts.size()));
    // One seed for both: what is cut follows from it and from the size alone.
    long cut = dice.bits();
    return new Clip(
        crop.apply(withoutBoxes(film.frames.load(first)), cut),
        crop.apply(withoutBoxes(film.frames.load(first + 1)), cut));
  }

  /** Nothing asks for boxes of films, and a frame that has some is cut by other throws. */
  private static TrainingSample withoutBoxes(TrainingSample frame) {
    return new TrainingSample(
        frame.name(),
        frame.widthPx(),
        frame.heightPx(),
        frame.visibleRgb(),
        frame.infrared(),
        frame.labels(),
        null);
  }
}
