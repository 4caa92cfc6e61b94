package dev.nightfuse.training.stage;

import dev.nightfuse.training.loss.Terms;

/**
 * One stage of a recipe: what a step minimises and what learns. A recipe runs its stages one after
 * another on the same parameters, each with an optimiser of its own; the loop around them knows no
 * networks.
 *
 * <p>One thread. A stage owns no parameters and no device memory between steps: what it computes
 * belongs to the pointer scope that is open. Everything a step depends on is its arguments, the
 * parameters and {@link #state}, so that a run that is taken up from a checkpoint goes on as if
 * nothing had happened.
 */
public interface Stage {

  /**
   * The loss of a batch, with the gradient still to be taken; its parts are named for the log.
   *
   * @param step of this stage, from 0; random choices follow from it
   */
  Terms loss(PairBatch batch, long step);

  /** Whether the parameter learns in this stage; the others stay, statistics of norms included. */
  boolean learns(String key);

  /** Numbers that the next step depends on; saved with every checkpoint. */
  default double[] state() {
    return new double[0];
  }

  /** Takes up what {@link #state} gave. */
  default void restore(double[] state) {
    if (state.length != 0) {
      throw new IllegalArgumentException(
          "a checkpoint of another stage: %d numbers of state, none are kept"
              .formatted(state.length));
    }
  }
}
