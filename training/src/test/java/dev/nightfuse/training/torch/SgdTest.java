package dev.nightfuse.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.engine.network.Shape;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One parameter that starts at 1 under the loss 2p: its gradient is 2. */
final class SgdTest {

  private final TorchParameters parameters =
      new TorchParameters((key, shape) -> new float[] {1}, TorchDevice.CPU);
  private final Tensor parameter = new TorchOps(parameters, true).parameter("p", Shape.of(1));

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  @AfterEach
  void close() {
    parameters.close();
  }

  private float step(Optimiser optimiser) {
    optimiser.forgetGradients();
    parameter.mul(new Scalar(2.0)).sum().backward();
    optimiser.step(0.1);
    return parameters.values("p")[0];
  }

  @Test
  void twoSteps_withMomentumAndDecay_areTheFormulas() {
    try (Sgd sgd = new Sgd(parameters.trainable(), 0.9, 0.5, 100)) {
      // v = 2 + 0.5 * 1 = 2.5, p = 1 - 0.25.
      assertEquals(0.75, step(sgd), 1e-6);
      // v = 0.9 * 2.5 + 2 + 0.5 * 0.75 = 4.625, p = 0.75 - 0.4625.
      assertEquals(0.2875, step(sgd), 1e-6);
      assertEquals(2, sgd.steps());
    }
  }

  @Test
  void step_ofALongGradient_isClipped() {
    try (Sgd sgd = new Sgd(parameters.trainable(), 0, 0, 0.5)) {
      assertEquals(0.95, step(sgd), 1e-6);
    }
  }

  @Test
  void parameter_thatABatchDoesNotReach_staysAndLearnsLater() {
    Tensor other = parameters.get("other", Shape.of(1), true);
    other.mul(new Scalar(3.0)).sum().backward();
    try (Sgd sgd = new Sgd(parameters.trainable(), 0.9, 0.5, 100);
        Sgd takenUp = new Sgd(parameters.trainable(), 0.9, 0.5, 100)) {
      step(sgd);
      assertEquals(Set.of("velocity.p"), sgd.state().keySet());
      assertEquals(1, parameters.values("other")[0], "neither the last gradient nor decay");

      takenUp.restore(sgd.state(), sgd.steps());
      takenUp.forgetGradients();
      other.mul(new Scalar(3.0)).sum().backward();
      takenUp.step(0.1);

      // v = 3 + 0.5 * 1 = 3.5, p = 1 - 0.35.
      assertEquals(0.65, parameters.values("other")[0], 1e-6);
    }
  }

  @Test
  void restore_ofMomentsThatNothingNeeds_leavesThem() {
    try (Sgd sgd = new Sgd(parameters.trainable(), 0.9, 0, 100)) {
      sgd.restore(Map.of("velocity.p", new float[1], "velocity.other", new float[1]), 1);

      assertEquals(Set.of("velocity.p"), sgd.state().keySet());
    }
  }

  @Test
  void state_takenUp_goesOnAsBefore() {
    try (Sgd sgd = new Sgd(parameters.trainable(), 0.9, 0, 100);
        Sgd other = new Sgd(parameters.trainable(), 0.9, 0, 100)) {
      step(sgd);
      other.restore(sgd.state(), sgd.steps());
      // The velocity is 2 before, 0.9 * 2 + 2 = 3.8 after: 0.8 - 0.38.
      assertEquals(0.42, step(other), 1e-6);
    }
  }
}
