package dev.nightfuse.training;

import java.time.Clock;
import java.util.Map;
import java.util.StringJoiner;
import me.tongfei.progressbar.ProgressBar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a person how far a run is and when it will be done; knows what time it is. */
final class RunMonitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunMonitor.class);

  /** Share of the newest loss in the shown one. */
  private static final double NEWEST = 0.02;

  private final Clock clock;
  private final ProgressBar bar;
  private double shown = Double.NaN;

  /**
   * @param done steps that were made before a run was stopped
   */
  RunMonitor(Clock clock, String name, long steps, long done) {
    this.clock = clock;
    this.bar = TrainingBar.of(name, "steps", steps, done);
  }

  Clock clock() {
    return clock;
  }

  void stage(String name, long stepsBefore) {
    LOG.info("stage {} from step {}", name, stepsBefore);
    bar.stepTo(stepsBefore);
  }

  void step(long step, double loss) {
    shown = Double.isNaN(shown) ? loss : shown + NEWEST * (loss - shown);
    bar.setExtraMessage("loss %.4f".formatted(shown));
    bar.stepTo(step + 1);
  }

  void validated(long step, Map<String, Double> means) {
    StringJoiner text = new StringJoiner(" ");
    means.forEach((name, value) -> text.add("%s %.3f".formatted(name, value)));
    LOG.info("step {}: loss {}, held out: {}", step, "%.4f".formatted(shown), text);
  }

  @Override
  public void close() {
    bar.close();
  }
}
