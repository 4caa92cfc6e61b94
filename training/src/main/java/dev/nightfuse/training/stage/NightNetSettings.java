package dev.nightfuse.training.stage;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.data.DataException;
import dev.nightfuse.training.data.FilmClips;
import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the section {@code nightnet} of a file says of every stage of a run, and that of a stage of
 * itself.
 *
 * @param fusionPairs so many pairs of a batch teach fusion, whose terms cost more than the network;
 *     all of them teach classes
 * @param noise greatest deviation, in levels, of the noise that the network sees on top of the
 *     pictures that it is measured against: what is the cameras' and not the scene's it learns not
 *     to show
 * @param without parts of the network that are left out
 * @param teacher MFNet's weights; empty for no teacher of classes
 * @param imitates weights of {@link NightNet#DENSE}, whose fused pictures are to be drawn; empty
 *     for no teacher of pictures
 * @param films folders of frames, two by two, that teach stability; as {@link FilmClips} reads them
 * @param clips so many clips of the films a step
 * @param classWeights how much pixels of each class count in the cross-entropy, by class number
 */
public record NightNetSettings(
    int fusionPairs,
    double noise,
    Set<NightNet.Part> without,
    Optional<Path> teacher,
    Optional<Path> imitates,
    List<Path> films,
    int clips,
    List<Double> classWeights) {

  /** About the inverse cube roots of how often the classes of MSRS come, next to unlabelled. */
  public static final List<Double> BALANCED = List.of(1.0, 2.5, 4.0, 4.0, 5.0, 5.0, 5.0, 6.0, 5.0);

  /** Everything in one batch, no noise, the whole network, no teachers, no films. */
  public static final NightNetSettings PLAIN =
      new NightNetSettings(
          4096, 0, Set.of(), Optional.empty(), Optional.empty(), List.of(), 1, BALANCED);

  public NightNetSettings {
    without = Set.copyOf(without);
    films = List.copyOf(films);
    classWeights = List.copyOf(classWeights);
  }

  public static NightNetSettings read(Settings section) {
    NightNetSettings given = PLAIN.with(section);
    return new NightNetSettings(
        given.fusionPairs,
        given.noise,
        section.choices("without", NightNet.Part.class),
        section.path("teacher"),
        section.path("imitates"),
        section.texts("films").stream().map(Path::of).toList(),
        section.whole("clips", PLAIN.clips, 1, 4096),
        given.classWeights);
  }

  /** The same with what a stage says of itself: pairs for fusion, noise, weights of classes. */
  public NightNetSettings with(Settings section) {
    Settings weights = section.section("class-weights");
    List<Double> byClass = new ArrayList<>();
    for (int c = 0; c < MfNet.CLASSES.size(); c++) {
      byClass.add(weights.number(MfNet.CLASSES.get(c), classWeights.get(c), 0, 100));
    }
    return new NightNetSettings(
        section.whole("fusion-pairs", fusionPairs, 1, 4096),
        section.number("noise", noise, 0, 64),
        without,
        teacher,
        imitates,
        films,
        clips,
        byClass);
  }

  /**
   * The teachers and the films. The caller closes them after the run.
   *
   * @param sidePx of what is cut out of films
   * @param filmBytes of decoded pairs that each film may keep
   * @param split says which frames of films are held out
   */
  public NightNetSources openSources(
      int sidePx, long filmBytes, SceneSplit split, TorchDevice device)
      throws EngineException, DataException {
    FilmClips clips = films.isEmpty() ? null : new FilmClips(films, split, sidePx, filmBytes);
    PictureTeacher pictures =
        imitates.isEmpty() ? null : new PictureTeacher(imitates.get(), device);
    Teacher classes = teacher.isEmpty() ? null : NetworkTeacher.mfNet(teacher.get(), device);
    return new NightNetSources(classes, pictures, clips);
  }
}
