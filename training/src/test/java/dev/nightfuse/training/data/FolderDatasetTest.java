package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folder layouts of the public data sets, on generated files. */
final class FolderDatasetTest {

  private static final Path MSRS =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/data/MSRS");

  @TempDir private Path folder;

  private void pair(String visible, String infrared, String name) throws Exception {
    TestFolders.colour(
        folder.resolve(visible).resolve(name), 8, 6, false, (x, y) -> x << 20 | y << 12 | 7);
    TestFolders.grey(folder.resolve(infrared).resolve(name), 8, 6, (x, y) -> 10 * x + y);
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN, visible, infrared, labels, 3, 3",
    "PLAIN, visible, infrared, pseudo_labels, 255, 255",
    "MSRS, vi, ir, Segmentation_labels, 2, 2",
    "PST900, rgb, thermal, labels, 4, 2",
    "PST900, rgb, thermal, labels, 3, 255",
    "FMB, Visible, Infrared, Label, 8, 2",
    "FMB, Visible, Infrared, Label, 11, 1",
    "FMB, Visible, Infrared, Label, 0, 255",
    "M3FD, Vis, Ir, , 0, 0",
    "LLVIP, visible/train, infrared/train, , 0, 0",
    "ROADSCENE, crop_LR_visible, cropinfrared, , 0, 0",
    "TNO, vi, ir, , 0, 0",
  })
  void open_eachLayout_findsPairsAndMapsItsClasses(
      DatasetLayout layout, String visible, String infrared, String labels, int stored, int mapped)
      throws Exception {
    pair(visible, infrared, "b.png");
    pair(visible, infrared, "a.png");
    TestFolders.grey(folder.resolve(visible).resolve("alone.png"), 8, 6, (x, y) -> x);
    if (labels != null) {
      TestFolders.grey(folder.resolve(labels).resolve("a.png"), 8, 6, (x, y) -> stored);
    }
    assertEquals(layout, DatasetLayout.of(folder));
    FolderDataset set = FolderDataset.open(folder);
    assertEquals(2, set.size());
    assertEquals(List.of("a", "b"), List.of(set.name(0), set.name(1)));
    TrainingSample sample = set.load(0);
    assertEquals(5 << 4, sample.visibleRgb()[5] & 0xff, "red at x = 5");
    assertEquals(2 << 4, sample.visibleRgb()[48 + 16] & 0xff, "green at y = 2");
    assertEquals(52, sample.infrared()[2 * 8 + 5] & 0xff);
    if (labels == null) {
      assertNull(sample.labels());
    } else {
      assertEquals(mapped, sample.labels()[7] & 0xff);
      assertNull(set.load(1).labels());
    }
  }

  @Test
  void open_filesOfOtherSystemsBesidePictures_areNoPictures() throws Exception {
    pair("visible", "infrared", "a.png");
    for (String camera : List.of("visible", "infrared")) {
      Files.writeString(folder.resolve(camera).resolve("._a.png"), "resource fork");
      Files.writeString(folder.resolve(camera).resolve("png"), "no name");
    }
    FolderDataset set = FolderDataset.open(folder);
    assertEquals(List.of("a"), List.of(set.name(0)));
    assertEquals(1, set.size());
  }

  /** Which of them the system lists last would be learnt from. */
  @Test
  void open_twoPicturesOfOneName_areRefused() throws Exception {
    pair("visible", "infrared", "a.png");
    Files.copy(folder.resolve("infrared/a.png"), folder.resolve("infrared/a.PNG"));
    DataException e = assertThrows(DataException.class, () -> FolderDataset.open(folder));
    assertTrue(e.getMessage().contains("differ only in their extension"), e.getMessage());
  }

  @Test
  void load_mfnetRelease_takesInfraredFromTheFourthChannel() throws Exception {
    TestFolders.colour(
        folder.resolve("images/00001D.png"), 8, 6, true, (x, y) -> (200 - x) << 24 | 0x102030 + x);
    TestFolders.grey(folder.resolve("labels/00001D.png"), 8, 6, (x, y) -> y);
    assertEquals(DatasetLayout.MFNET, DatasetLayout.of(folder));
    TrainingSample sample = FolderDataset.open(folder).load(0);
    assertEquals(197, sample.infrared()[3] & 0xff);
    assertEquals(0x10, sample.visibleRgb()[3]);
    assertEquals(0x33, sample.visibleRgb()[2 * 48 + 3]);
    assertEquals(5, sample.labels()[47]);
  }

  /** 14 bits of a thermal camera use a small part of 16. */
  @Test
  void load_thermalCounts_becomeGreyAsThoseOfALiveCamera() throws Exception {
    pair("visible", "infrared", "a.png");
    TestFolders.counts(folder.resolve("infrared/a.png"), 8, 6, (x, y) -> 7000 + 40 * (8 * y + x));
    byte[] infrared = FolderDataset.open(folder).load(0).infrared();
    assertEquals(0, infrared[0] & 0xff);
    assertEquals(128, infrared[22] & 0xff);
    assertEquals(255, infrared[47] & 0xff);
  }

  @Test
  void load_boxes_areInPixelsAndInMfnetClasses() throws Exception {
    pair("visible", "infrared", "a.png");
    pair("visible", "infrared", "b.png");
    pair("visible", "infrared", "c.png");
    Files.createDirectories(folder.resolve("boxes"));
    Files.writeString(folder.resolve("boxes/a.txt"), "0 0.5 0.5 0.25 0.5\n\n2 0 0 0.5 1\n");
    Files.writeString(folder.resolve("boxes/b.txt"), "");
    FolderDataset set = FolderDataset.open(folder);
    assertEquals(
        List.of(new TrainingSample.Box(2, 3, 1.5, 5, 4.5), new TrainingSample.Box(1, 0, 0, 2, 3)),
        set.load(0).boxes());
    assertEquals(List.of(), set.load(1).boxes());
    assertNull(set.load(2).boxes());
    Files.writeString(folder.resolve("boxes/classes.txt"), "0 car\n1 tree\n2 person\n");
    assertEquals(
        List.of(1, 2),
        FolderDataset.open(folder).load(0).boxes().stream()
            .map(TrainingSample.Box::label)
            .toList());
    Files.writeString(folder.resolve("boxes/c.txt"), "7 0 0 0 0\n");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> FolderDataset.open(folder).load(2));
    assertTrue(e.getMessage().contains("c.txt line 1: \"7 0 0 0 0\""), e.getMessage());
  }

  @Test
  void load_vocBoxes_areRead() throws Exception {
    pair("Vis", "Ir", "a.png");
    Files.createDirectories(folder.resolve("Annotation"));
    Files.writeString(
        folder.resolve("Annotation/a.xml"),
        """
        <annotation><size><width>8</width></size>
          <object><name>People</name><bndbox><xmin>2</xmin><ymin>1</ymin>
            <xmax>5</xmax><ymax>4</ymax></bndbox></object>
          <object><name>Lamp</name><bndbox><xmin>1</xmin><ymin>1</ymin>
            <xmax>5</xmax><ymax>4</ymax></bndbox></object>
        </annotation>
        """);
    assertEquals(
        List.of(new TrainingSample.Box(2, 1, 0, 5, 4)), FolderDataset.open(folder).load(0).boxes());
  }

  @Test
  void load_cocoBoxes_areReadByPictureNameAndCutAtTheEdge() throws Exception {
    pair("visible", "infrared", "FLIR_00001.png");
    pair("visible", "infrared", "b.png");
    pair("visible", "infrared", "c.png");
    Files.createDirectories(folder.resolve("boxes_coco"));
    Files.writeString(
        folder.resolve("boxes_coco/some.json"),
        """
        {"type": "instances", "info": {"a": [1, {"b": 2}]},
         "annotations": [
           {"bbox": [1, 2, 30, 2.5], "category_id": 1, "image_id": "x", "segmentation": [[1, 2]]},
           {"bbox": [0, 0, 2, 2], "category_id": 9, "image_id": "x"}],
         "images": [{"file_name": "in/FLIR_00001_PreviewData.jpg", "id": "x"},
                    {"file_name": "b.jpg", "id": 7}],
         "categories": [{"id": 1, "name": "person"}, {"id": 9, "name": "dog"}]}
        """);
    FolderDataset set = FolderDataset.open(folder);
    assertEquals(List.of(new TrainingSample.Box(2, 1, 2, 8, 4.5)), set.load(0).boxes());
    assertEquals(List.of(), set.load(1).boxes());
    assertNull(set.load(2).boxes());
    for (String text :
        List.of(
            "{\"images\": [}",
            "{\"images\": [{\"file_name\": \"b.jpg\", \"id\": 7}],"
                + " \"annotations\": [{\"bbox\": 5, \"image_id\": 7}]}")) {
      Files.writeString(folder.resolve("boxes_coco/some.json"), text);
      DataException broken = assertThrows(DataException.class, () -> FolderDataset.open(folder));
      assertTrue(broken.getMessage().contains("some.json is no COCO file"), broken.getMessage());
    }
  }

  @Test
  void open_furtherLabels_goBeforeItsOwn() throws Exception {
    pair("visible", "infrared", "a.png");
    pair("visible", "infrared", "b.png");
    TestFolders.grey(folder.resolve("labels/a.png"), 8, 6, (x, y) -> 1);
    TestFolders.grey(folder.resolve("labels/b.png"), 8, 6, (x, y) -> 1);
    TestFolders.grey(folder.resolve("better/b.png"), 8, 6, (x, y) -> 2);
    FolderDataset set =
        FolderDataset.open(folder, DatasetLayout.PLAIN, List.of(folder.resolve("better")));
    assertEquals(1, set.load(0).labels()[0]);
    assertEquals(2, set.load(1).labels()[0]);
  }

  @Test
  void mistakes_areNamedWithWhatIsAllowed() throws Exception {
    DataException none = assertThrows(DataException.class, () -> DatasetLayout.of(folder));
    assertTrue(none.getMessage().contains("roadscene (crop_LR_visible/ cropinfrared/)"));
    DataException id = assertThrows(DataException.class, () -> DatasetLayout.byId("kitti"));
    assertTrue(id.getMessage().contains("allowed: plain, msrs"), id.getMessage());
    TestFolders.grey(folder.resolve("visible/a.png"), 8, 6, (x, y) -> x);
    TestFolders.grey(folder.resolve("infrared/b.png"), 8, 6, (x, y) -> x);
    DataException alone = assertThrows(DataException.class, () -> FolderDataset.open(folder));
    assertTrue(alone.getMessage().contains("partner"), alone.getMessage());
    TestFolders.grey(folder.resolve("infrared/a.png"), 6, 6, (x, y) -> x);
    FolderDataset set = FolderDataset.open(folder);
    UncheckedIOException size = assertThrows(UncheckedIOException.class, () -> set.load(0));
    assertTrue(size.getMessage().contains("is 6x6"), size.getMessage());
    Files.writeString(folder.resolve("infrared/a.png"), "no picture");
    assertThrows(UncheckedIOException.class, () -> set.load(0));
  }

  @Test
  void split_rangesAreWhole_andBothSidesOfTheDayAreInIt() {
    assertTrue(SceneSplit.FIRST.heldOut("00332D"));
    assertTrue(SceneSplit.FIRST.heldOut("00881N"));
    assertTrue(SceneSplit.FIRST.heldOut("00431D_flip"), "a mirrored copy");
    assertTrue(!SceneSplit.FIRST.heldOut("00331D_flip"));
    assertTrue(!SceneSplit.FIRST.heldOut("00331D") && !SceneSplit.FIRST.heldOut("00376D"));
    assertTrue(
        SceneSplit.FIRST.heldOut("FLIR_05027") && !SceneSplit.FIRST.heldOut("FLIR_video_05027"));
    assertTrue(!SceneSplit.FIRST.heldOut("sim0001-000332"));
    assertTrue(
        SceneSplit.FIRST.heldOut("0113_1714-001") && !SceneSplit.FIRST.heldOut("0117_1605-001"));
    assertTrue(
        SceneSplit.SECOND.heldOut("0117_1605-001") && !SceneSplit.SECOND.heldOut("0113_1714-001"));
    assertTrue(SceneSplit.FIRST.heldOut("0113_1714_00001"), "as decision 14 names its frames");
    assertTrue(!SceneSplit.NONE.heldOut("0113_1714-001"));
    assertTrue(!SceneSplit.NONE.heldOut("00332D") && !SceneSplit.NONE.heldOut("FLIR_05027"));
  }

  @Test
  void split_secondFold_holdsOutOtherLabelledScenesAndTheSameUnlabelledOnes() {
    for (String both : List.of("00332D", "00881N", "01061N", "FLIR_05027")) {
      assertTrue(SceneSplit.SECOND.heldOut(both), both);
    }
    for (String first : List.of("01250N", "01441D", "01458D")) {
      assertTrue(SceneSplit.FIRST.heldOut(first) && !SceneSplit.SECOND.heldOut(first), first);
    }
    for (String second : List.of("01405D", "01435D")) {
      assertTrue(SceneSplit.SECOND.heldOut(second) && !SceneSplit.FIRST.heldOut(second), second);
    }
    assertTrue(!SceneSplit.SECOND.heldOut("01401D") && !SceneSplit.SECOND.heldOut("01436D"));
  }

  @Test
  void sharedMsrs_isReadAndSplit() throws Exception {
    assumeTrue(Files.isDirectory(MSRS), "no ../shared/data/MSRS");
    FolderDataset set = FolderDataset.open(MSRS);
    assertEquals(311, set.size());
    PairDataset validation = SceneSplit.FIRST.validation(set);
    assertEquals(58, validation.size());
    assertEquals(253, SceneSplit.FIRST.training(set).size());
    assertEquals(54, SceneSplit.SECOND.validation(set).size());
    TrainingSample sample = validation.load(validation.size() - 1);
    assertEquals("01458D", sample.name());
    assertEquals(640, sample.widthPx());
    assertEquals(2, sample.boxes().size());
    long persons = 0;
    for (byte label : sample.labels()) {
      persons += label == 2 ? 1 : 0;
    }
    assertEquals(1110, persons);
    assertArrayEquals(sample.infrared(), validation.load(validation.size() - 1).infrared());
  }
}
