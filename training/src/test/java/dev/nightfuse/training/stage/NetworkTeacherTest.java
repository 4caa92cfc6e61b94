package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.torch.Initialiser;
import dev.nightfuse.training.torch.Natives;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkTeacherTest {

  @TempDir private Path folder;

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void mfNet_ofInfraredWithOtherContrast_seesTheSame() throws Exception {
    Path weights = folder.resolve("mfnet.safetensors");
    PairBatch batch = Trial.batch(2, 32);
    try (PointerScope scope = new PointerScope();
        TorchParameters parameters = new TorchParameters(Initialiser.seeded(1), TorchDevice.CPU)) {
      new MfNet().forward(new TorchOps(parameters, false), batch.visible(), batch.infrared());
      TorchParameters.save(weights, parameters.state(), parameters.shapes());
    }
    try (PointerScope scope = new PointerScope();
        NetworkTeacher teacher = NetworkTeacher.mfNet(weights, TorchDevice.CPU)) {
      Tensor enhanced = batch.infrared().mul(new Scalar(0.5)).add(new Scalar(0.3));
      PairBatch other = new PairBatch(batch.visible(), enhanced, batch.labels());
      assertArrayEquals(
          TorchDevice.floats(teacher.logits(batch, batch.infrared())),
          TorchDevice.floats(teacher.logits(other, enhanced)),
          1e-3f);
    }
  }
}
