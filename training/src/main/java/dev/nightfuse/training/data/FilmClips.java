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

  private final List<PairDataset> films = new ArrayList<>();
  private final Augmenter crop;

  /**
   * @param folders each as likely as the others
   * @param sidePx of the crops
   * @param cacheBytes of decoded pairs that each folder may keep
   * @throws DataException when a folder cannot be read, or holds no or an odd number of pairs
   */
  public FilmClips(List<Path> folders, int sidePx, long cacheBytes) throws DataException {
    for (Path folder : folders) {
      FolderDataset film = FolderDataset.open(folder);
      if (film.size() % 2 != 0) {
        throw new DataException(
            "film %s holds %d pairs; frames that follow each other come two by two, so their number is even"
                .formatted(folder, film.size()));
      }
      films.add(new SampleCache(film, cacheBytes));
    }
    this.crop = new Augmenter(Augmentation.cropOnly(sidePx, sidePx));
  }

  public Clip clip(long seed) {
    Dice dice = new Dice(seed);
    PairDataset film = films.get(dice.below(films.size()));
    int first = 2 * dice.below(film.size() / 2);
    // One seed for both: what is cut follows from it and from the size alone.
    long cut = dice.bits();
    return new Clip(crop.apply(film.load(first), cut), crop.apply(film.load(first + 1), cut));
  }
}
