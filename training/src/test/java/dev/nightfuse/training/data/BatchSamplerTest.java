package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.nightfuse.training.data.BatchSampler.Pick;
import dev.nightfuse.training.data.BatchSampler.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which pairs a step sees. */
final class BatchSamplerTest {

  private static BatchSampler sampler(long seed) {
    return new BatchSampler(
        seed,
        8,
        List.of(new Source(TestFolders.numbered(30), 3), new Source(TestFolders.numbered(7), 1)));
  }

  @Test
  void step_askedInAnyOrder_isAlwaysTheSame() {
    BatchSampler straight = sampler(5);
    List<List<Pick>> steps = new ArrayList<>();
    for (int k = 0; k < 300; k++) {
      steps.add(straight.step(k));
    }
    BatchSampler resumed = sampler(5);
    for (int k : new int[] {299, 0, 150, 151, 7}) {
      assertEquals(steps.get(k), resumed.step(k));
    }
    assertNotEquals(steps.get(0), sampler(6).step(0));
  }

  @Test
  void steps_everyPairOnceBeforeAnyComesAgain_andSetsByWeight() {
    BatchSampler sampler = sampler(1);
    List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>());
    Set<Long> seeds = new HashSet<>();
    for (int k = 0; k < 500; k++) {
      for (Pick pick : sampler.step(k)) {
        seen.get(pick.source()).add(pick.index());
        seeds.add(pick.seed());
      }
    }
    assertEquals(3000, seen.get(0).size());
    assertEquals(1000, seen.get(1).size());
    assertEquals(4000, seeds.size());
    for (int from = 0; from + 30 <= 3000; from += 30) {
      assertEquals(30, new HashSet<>(seen.get(0).subList(from, from + 30)).size());
    }
    assertNotEquals(seen.get(0).subList(0, 30), seen.get(0).subList(30, 60));
  }

  @Test
  void step_setOfWeight0_neverComes_andChangesNothingOfTheOthers() {
    BatchSampler three =
        new BatchSampler(
            5,
            8,
            List.of(
                new Source(TestFolders.numbered(30), 3),
                new Source(TestFolders.numbered(7), 1),
                new Source(TestFolders.numbered(9), 0)));
    for (int k = 0; k < 300; k++) {
      assertEquals(sampler(5).step(k), three.step(k));
    }
  }

  @Test
  void constructor_emptySetOrNoWeight_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new BatchSampler(1, 8, List.of(new Source(TestFolders.numbered(0), 1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new BatchSampler(1, 8, List.of(new Source(TestFolders.numbered(3), 0))));
    assertThrows(IllegalArgumentException.class, () -> new BatchSampler(1, 8, List.of()));
  }

  @Test
  void loader_takenUpInTheMiddle_goesOnAsIfNothingHadHappened() throws Exception {
    List<PairDataset> sources = List.of(TestFolders.numbered(30), TestFolders.numbered(7));
    Augmenter augmenter = new Augmenter(Augmentation.usual(48, 32));
    List<byte[]> straight = new ArrayList<>();
    try (BatchLoader loader = new BatchLoader(sampler(9), sources, augmenter, 0)) {
      for (int k = 0; k < 6; k++) {
        SampleBatch batch = loader.next();
        assertEquals(k, batch.step());
        straight.add(batch.samples().get(5).visibleRgb());
      }
    }
    try (BatchLoader loader = new BatchLoader(sampler(9), sources, augmenter, 4)) {
      for (int k = 4; k < 6; k++) {
        assertArrayEquals(straight.get(k), loader.next().samples().get(5).visibleRgb());
      }
    }
  }

  @Test
  void loader_fileThatCannotBeRead_isToldToWhoeverAsks() throws Exception {
    PairDataset broken =
        failing(
            () -> {
              throw new IllegalStateException("broken.png");
            });
    BatchSampler sampler = new BatchSampler(1, 2, List.of(new Source(broken, 1)));
    try (BatchLoader loader =
        new BatchLoader(
            sampler, List.of(broken), new Augmenter(Augmentation.cropOnly(16, 16)), 0)) {
      assertThrows(IllegalStateException.class, loader::next);
      assertThrows(IllegalStateException.class, loader::next);
    }
  }

  @Test
  void loader_outOfMemory_isToldInsteadOfWaitingForEver() {
    PairDataset huge =
        failing(
            () -> {
              throw new OutOfMemoryError("of a test");
            });
    BatchSampler sampler = new BatchSampler(1, 2, List.of(new Source(huge, 1)));
    try (BatchLoader loader =
        new BatchLoader(sampler, List.of(huge), new Augmenter(Augmentation.cropOnly(16, 16)), 0)) {
      assertThrows(
          OutOfMemoryError.class,
          () -> assertTimeoutPreemptively(Duration.ofMinutes(1), loader::next));
    }
  }

  private static PairDataset failing(Runnable load) {
    return new PairDataset() {
      @Override
      public int size() {
        return 1;
      }

      @Override
      public String name(int index) {
        return "broken";
      }

      @Override
      public TrainingSample load(int index) {
        load.run();
        return TestFolders.gradient(name(index), 40, 40);
      }
    };
  }

  @Test
  void cacheShares_leaveHalfOfASmallHeapAndMoreOfALargeOne() {
    assertEquals(256L << 20, SampleCache.shareBytes(2L << 30, 4));
    assertEquals(1800L << 20, SampleCache.shareBytes(12L << 30, 1));
  }

  @Test
  void cache_limit_isKeptAndTheSamePairIsNotReadAgain() {
    int[] reads = new int[1];
    PairDataset counting =
        new PairDataset() {
          @Override
          public int size() {
            return 10;
          }

          @Override
          public String name(int index) {
            return "n" + index;
          }

          @Override
          public TrainingSample load(int index) {
            reads[0]++;
            return TestFolders.gradient(name(index), 40, 10);
          }
        };
    SampleCache cache = new SampleCache(counting, 4100);
    assertEquals("n1", cache.load(1).name());
    cache.load(2);
    cache.load(1);
    assertEquals(2, reads[0]);
    cache.load(3);
    cache.load(1);
    assertEquals(3, reads[0], "the last used longest, 2, had to go");
    cache.load(2);
    assertEquals(4, reads[0]);
  }
}
