package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** A square of 2 x 2 with the levels 0 1 / 2 3 in every plane, labels likewise. */
final class TurnsTest {

  private static PairBatch squares() {
    Tensor square = Tensor.create(new float[] {0, 1, 2, 3}, 1, 1, 2, 2);
    return new PairBatch(
        torch.cat(new TensorVector(square, square, square), 1),
        square,
        square.squeeze(1).to(torch.ScalarType.Long));
  }

  private static String levels(Tensor picture) {
    FloatIndexer values = picture.contiguous().flatten().createIndexer();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append((int) values.get(i));
    }
    return text.toString();
  }

  @Test
  void turns_ofManySeeds_areAllEightAndKeepPairsTogether() {
    Set<String> seen = new TreeSet<>();
    for (long seed = 0; seed < 100; seed++) {
      PairBatch turned = Turns.of(squares(), Seeds.mix(1, seed));
      String visible = levels(turned.visible().select(1, 2));
      assertEquals(visible, levels(turned.infrared()));
      assertEquals(visible, levels(turned.labels().to(torch.ScalarType.Float)));
      assertEquals(visible, levels(Turns.of(squares(), Seeds.mix(1, seed)).infrared()));
      seen.add(visible);
    }
    // The eight symmetries of a square, and nothing else.
    assertEquals(Set.of("0123", "1302", "3210", "2031", "1032", "2301", "0213", "3120"), seen);
  }
}
