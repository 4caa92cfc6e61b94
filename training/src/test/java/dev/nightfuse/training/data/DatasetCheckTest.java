package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What spoils training is found, and a sound pair is left in peace. */
final class DatasetCheckTest {

  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;

  @TempDir private Path folder;

  private int steps;

  @BeforeEach
  void soundPair() throws Exception {
    pair("sound", house(0), warm(0));
  }

  private void pair(String name, IntBinaryOperator visible, IntBinaryOperator infrared)
      throws Exception {
    TestFolders.grey(folder.resolve("visible/" + name + ".png"), WIDTH, HEIGHT, visible);
    TestFolders.grey(folder.resolve("infrared/" + name + ".png"), WIDTH, HEIGHT, infrared);
  }

  /** Blocks of pseudo-random levels, as a street has; both modalities share where they end. */
  private static IntBinaryOperator house(int shift) {
    return (x, y) -> (int) (Dice.seed((x + shift + 40) / 17, y / 13) & 127) + 40;
  }

  private static IntBinaryOperator warm(int shift) {
    return (x, y) -> (int) (Dice.seed(9, (x + shift + 40) / 17, y / 13) & 127) + 60;
  }

  private List<Finding> check() throws Exception {
    List<Finding> findings = new ArrayList<>();
    new DatasetCheck(FolderDataset.open(folder)).run(() -> steps++, findings::add);
    return findings;
  }

  private void only(Finding.Kind kind, String file, String reason) throws Exception {
    List<Finding> findings = check();
    assertEquals(1, findings.size(), findings.toString());
    assertEquals(kind, findings.get(0).kind());
    assertTrue(findings.get(0).file().endsWith(file), findings.toString());
    assertTrue(findings.get(0).reason().contains(reason), findings.toString());
  }

  @Test
  void run_soundPair_findsNothing() throws Exception {
    assertEquals(List.of(), check());
    assertEquals(1, steps);
  }

  @Test
  void run_flatPicture_isToldWithItsDeviation() throws Exception {
    pair("night", house(3), (x, y) -> 17 + x % 2);
    only(Finding.Kind.FLAT, "infrared/night.png", "deviate by 0.50");
  }

  @Test
  void run_burntPicture_isToldWithItsShare() throws Exception {
    pair("glare", (x, y) -> x < 120 ? 255 : x, warm(3));
    only(Finding.Kind.SATURATED, "visible/glare.png", "75 %");
  }

  @Test
  void run_pairWhoseEdgesLieApart_isToldWithTheMove() throws Exception {
    pair("apart", house(5), warm(17));
    only(Finding.Kind.MISALIGNED, "infrared/apart.png", "moved by 12, 0 pixels");
  }

  @Test
  void run_copy_isToldWithItsOriginal() throws Exception {
    pair("zz", house(0), warm(5));
    List<Finding> findings = check();
    assertEquals(Finding.Kind.DUPLICATE, findings.get(0).kind());
    assertTrue(findings.get(0).reason().endsWith("sound.png"), findings.toString());
  }

  @Test
  void run_filesThatDoNotFit_areToldAndTheRestIsStillRead() throws Exception {
    pair("a", house(1), warm(1));
    TestFolders.grey(folder.resolve("infrared/a.png"), 80, 60, warm(1));
    pair("b", house(2), warm(2));
    Files.writeString(folder.resolve("visible/b.png"), "no picture");
    TestFolders.grey(folder.resolve("visible/c.png"), WIDTH, HEIGHT, house(3));
    List<Finding.Kind> kinds = check().stream().map(Finding::kind).toList();
    assertEquals(
        List.of(Finding.Kind.NO_PARTNER, Finding.Kind.SIZES_DIFFER, Finding.Kind.UNREADABLE),
        kinds);
    assertEquals(3, steps);
  }

  @Test
  void splitFolder_hasTheHeldOutPairsOrTheOthers() throws Exception {
    pair("00332D", house(1), warm(1));
    pair("00331D", house(2), warm(2));
    TestFolders.grey(folder.resolve("pseudo_labels/00332D.png"), WIDTH, HEIGHT, (x, y) -> 1);
    Files.createDirectories(folder.resolve("boxes"));
    Files.writeString(folder.resolve("boxes/00332D.txt"), "0 0.5 0.5 0.5 0.5\n");
    Files.writeString(folder.resolve("boxes/00331D.txt"), "");
    Path target = folder.resolve("held-out");
    assertEquals(
        4, SplitFolder.write(folder, DatasetLayout.PLAIN, target, SceneSplit.FIRST::heldOut));
    assertEquals(
        0,
        SplitFolder.write(folder, DatasetLayout.PLAIN, target, SceneSplit.FIRST::heldOut),
        "made already");
    FolderDataset set = FolderDataset.open(target);
    assertEquals(1, set.size());
    assertEquals("00332D", set.load(0).name());
    assertEquals(1, set.load(0).labels()[0]);
    assertEquals(1, set.load(0).boxes().size());
    Path others = folder.resolve("training");
    assertEquals(
        5,
        SplitFolder.write(
            folder, DatasetLayout.PLAIN, others, name -> !SceneSplit.FIRST.heldOut(name)),
        "and the sound one");
    assertEquals(2, FolderDataset.open(others).size());
    assertEquals("00331D", FolderDataset.open(others).name(0));
  }

  @Test
  void splitFolder_ofOtherClassesAndCocoBoxes_hasWhatTheNewFolderMeans() throws Exception {
    TestFolders.grey(folder.resolve("rgb/00332D.png"), WIDTH, HEIGHT, house(1));
    TestFolders.grey(folder.resolve("thermal/00332D.png"), WIDTH, HEIGHT, warm(1));
    TestFolders.grey(folder.resolve("labels/00332D.png"), WIDTH, HEIGHT, (x, y) -> 4);
    Path pst900 = folder.resolve("pst900");
    assertEquals(2, SplitFolder.write(folder, DatasetLayout.PST900, pst900, name -> true));
    assertNull(FolderDataset.open(pst900).load(0).labels(), "4 is a survivor there, a curve here");

    Files.createDirectories(folder.resolve("boxes_coco"));
    Files.writeString(
        folder.resolve("boxes_coco/all.json"),
        """
        {"images": [{"file_name": "00332D.png", "id": 1}],
         "annotations": [{"bbox": [1, 1, 4, 4], "category_id": 1, "image_id": 1}],
         "categories": [{"id": 1, "name": "person"}]}
        """);
    pair("00332D", house(1), warm(1));
    Path flir = folder.resolve("flir");
    SplitFolder.write(folder, DatasetLayout.PLAIN, flir, name -> true);
    assertEquals(1, FolderDataset.open(flir).load(0).boxes().size());
    assertFalse(Files.exists(flir.resolve("boxes")));
  }

  @Test
  void splitFolder_ofFilesThatHoldBothPictures_isRefused() throws Exception {
    Files.createDirectories(folder.resolve("images"));
    DataException refused =
        assertThrows(
            DataException.class,
            () ->
                SplitFolder.write(folder, DatasetLayout.MFNET, folder.resolve("to"), name -> true));
    assertTrue(refused.getMessage().contains("holds both pictures of a pair"));
    assertFalse(Files.exists(folder.resolve("to")));
  }
}
