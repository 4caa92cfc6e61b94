package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCacheTest {

  private static final byte[] PLAN = {1, 2, 3, 4, 5};

  @TempDir Path folder;
  private PlanCache cache;
  private Path built;

  @BeforeEach
  void build() throws IOException {
    cache = new PlanCache(folder.resolve("cache"));
    built = Files.write(folder.resolve("built"), PLAN);
  }

  private static PlanKey key(String... changes) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", "night net");
    facts.put("size", "640x480");
    facts.put("max_batch", "4");
    facts.put("precision", "fp16");
    facts.put("gpu", "NVIDIA Orin sm_87");
    for (int i = 0; i < changes.length; i += 2) {
      facts.put(changes[i], changes[i + 1]);
    }
    return new PlanKey(facts);
  }

  @Test
  void find_afterKeep_givesPlanAndFacts() throws Exception {
    cache.keep(key(), built, 93);

    PlanFile found = cache.find(key()).plan();

    assertNotNull(found);
    assertEquals(key(), found.key());
    assertEquals(93, found.buildSeconds());
    ByteBuffer plan = found.plan();
    assertTrue(plan.isDirect());
    byte[] bytes = new byte[plan.capacity()];
    plan.get(0, bytes);
    assertArrayEquals(PLAN, bytes);
    assertEquals(
        "night_net-640x480-b4-fp16-" + key().digest().substring(0, 16) + ".plan",
        found.file().getFileName().toString());
  }

  @Test
  void find_emptyCache_saysThereIsNone() {
    PlanCache.Found found = cache.find(key());

    assertNull(found.plan());
    assertEquals("there is none yet for this model", found.reason());
  }

  @Test
  void find_planForAnotherGpu_saysWhatDiffers() throws Exception {
    cache.keep(key(), built, 1);

    PlanCache.Found found = cache.find(key("gpu", "NVIDIA Thor sm_110"));

    assertNull(found.plan());
    assertTrue(
        found.reason().endsWith("gpu was NVIDIA Orin sm_87, is NVIDIA Thor sm_110"),
        found.reason());
  }

  @Test
  void find_descriptionOverwritten_isNoPlan() throws Exception {
    PlanFile kept = cache.keep(key(), built, 1);
    byte[] bytes = Files.readAllBytes(kept.file());
    bytes[3] = 'X';
    Files.write(kept.file(), bytes);

    PlanCache.Found found = cache.find(key());

    assertNull(found.plan());
    assertTrue(found.reason().endsWith("is not a plan of this program"), found.reason());
  }

  @Test
  void find_fileCutShort_isNoPlan() throws Exception {
    PlanFile kept = cache.keep(key(), built, 1);
    byte[] bytes = Files.readAllBytes(kept.file());
    Files.write(kept.file(), java.util.Arrays.copyOf(bytes, bytes.length - 1));

    assertTrue(cache.find(key()).reason().contains("4100 bytes instead of 4101"));
  }

  @Test
  void plan_byteFlipped_isRefusedByItsChecksum() throws Exception {
    PlanFile kept = cache.keep(key(), built, 1);
    byte[] bytes = Files.readAllBytes(kept.file());
    bytes[bytes.length - 2] ^= 4;
    Files.write(kept.file(), bytes);

    PlanFile found = cache.find(key()).plan();

    assertNotNull(found);
    IOException e = assertThrows(IOException.class, found::plan);
    assertTrue(e.getMessage().contains("checksum"), e.getMessage());
  }

  @Test
  void fileName_anyFactChanged_differs() {
    for (String fact : key().facts().keySet()) {
      assertNotEquals(key().fileName(), key(fact, "other").fileName(), fact);
    }
  }

  @Test
  void clean_chosenAndDamaged_areRemovedAndOthersStay() throws Exception {
    cache.keep(key(), built, 1);
    cache.keep(key("max_batch", "8"), built, 1);
    Files.writeString(folder.resolve("cache/broken.plan"), "?");

    List<String> removed = cache.clean(plan -> plan.key().fact("max_batch").equals("8"));

    assertEquals(2, removed.size(), removed.toString());
    assertEquals(1, cache.list().size());
    assertEquals(key(), cache.list().get(0).key());
  }

  @Test
  void keep_overAnOldOne_leavesNothingBehind() throws Exception {
    cache.keep(key(), built, 1);
    cache.keep(key(), built, 2);

    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      assertEquals(1, files.count());
    }
    assertEquals(2, cache.list().get(0).buildSeconds());
  }

  @Test
  void lock_heldByAnotherThread_isWaitedForAndLeavesNoFile() throws Exception {
    PlanCache.Lock held = cache.lock(key());
    AtomicBoolean taken = new AtomicBoolean();
    Thread other =
        new Thread(
            () -> {
              try {
                PlanCache.Lock lock = cache.lock(key());
                taken.set(true);
                lock.release();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    other.start();
    while (other.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertFalse(taken.get());
    cache.lock(key("size", "320x240")).release();
    held.release();
    other.join(20_000);
    assertTrue(taken.get());
    assertEquals(List.of(), left());
  }

  @Test
  void lock_whatCutOffBuildsLeft_isRemovedAndTheOthersStays() throws Exception {
    PlanFile kept = cache.keep(key(), built, 1);
    PlanKey other = key("size", "320x240");
    PlanCache.Lock busy = cache.lock(other);
    Files.createFile(cache.workFile(other));
    for (String name : List.of("a.plan.lock", "b.plan.77.building", "c.plan.writing")) {
      Files.createFile(folder.resolve("cache").resolve(name));
    }
    cache.lock(key()).release();
    String name = other.fileName();
    assertEquals(
        Stream.of(
                kept.file().getFileName().toString(),
                cache.workFile(other).getFileName().toString(),
                name + ".lock")
            .sorted()
            .toList(),
        left());
    busy.release();
    cache.clean(plan -> false);
    assertEquals(List.of(kept.file().getFileName().toString()), left());
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
