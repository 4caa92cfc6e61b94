package dev.nightfuse.training.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.training.data.FolderDataset;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.Natives;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** SeAFusion as a teacher gives what its authors' code gives. */
final class SeaFusionTeacherTest {

  private static final Path SHARED =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared");

  /** A quarter of the picture; what lies below is seen by the last rows alone. */
  private static final int ROWS = 120;

  private static final int REACH = 9;

  private static TrainingSample upper(TrainingSample whole) {
    byte[] rgb = new byte[3 * 640 * ROWS];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(whole.visibleRgb(), c * 640 * 480, rgb, c * 640 * ROWS, 640 * ROWS);
    }
    byte[] infrared = Arrays.copyOf(whole.infrared(), 640 * ROWS);
    return new TrainingSample(whole.name(), 640, ROWS, rgb, infrared, null, null);
  }

  @Test
  void fused_realPair_isTheAuthorsPicture() throws Exception {
    Path weights = SHARED.resolve("peers/weights/SeAFusion.pth");
    Path golden = SHARED.resolve("peers/golden/seafusion_00004N_Y_full.npy");
    assumeTrue(Files.exists(weights) && Files.exists(golden), "no published weights");
    Natives.assumeHere();
    FolderDataset msrs = FolderDataset.open(SHARED.resolve("data/MSRS"));
    TrainingSample sample = msrs.load(0);
    assertEquals("00004N", sample.name());
    // The last 4 * 640 * 480 bytes of the file are float32, whatever the header says.
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(golden)).order(ByteOrder.LITTLE_ENDIAN);
    int start = file.capacity() - 4 * 640 * 480;
    byte[] fused;
    try (SeaFusionTeacher teacher = new SeaFusionTeacher(weights, TorchDevice.CPU)) {
      fused = teacher.fused(upper(sample));
    }
    for (int i = 0; i < 640 * (ROWS - REACH); i++) {
      double wanted = file.getFloat(start + 4 * i) * 255;
      assertTrue(Math.abs((fused[i] & 0xff) - wanted) < 0.51, "pixel %d: %s".formatted(i, wanted));
    }
  }
}
