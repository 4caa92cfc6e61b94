package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.ModelPlanes;
import dev.nightfuse.engine.Plane;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plan is built for and run with: planes of one size, batches from 1.
 *
 * @param planes inputs and outputs of one pair
 * @param maxBatch most pairs in one call
 */
record PlanShape(ModelPlanes planes, int maxBatch) {

  /**
   * Batches that one optimisation profile serves; it is tuned for {@code to}.
   *
   * @param from smallest batch
   * @param to largest batch
   */
  record Range(int from, int to) {}

  /**
   * The optimisation profiles, in order. One pair has a profile of its own: it is what a robot with
   * one rig runs, and a profile for many would make it slower.
   */
  List<Range> profiles() {
    return maxBatch == 1
        ? List.of(new Range(1, 1))
        : List.of(new Range(1, 1), new Range(2, maxBatch));
  }

  int profileOf(int batch) {
    return batch == 1 ? 0 : 1;
  }

  List<Plane> all() {
    List<Plane> all = new ArrayList<>(planes.inputs());
    all.addAll(planes.outputs());
    return all;
  }
}
