package dev.nightfuse.engine.ort;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.onnx.ProtoWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A model of two tables, field by field of {@code onnx.proto}: the fused picture is the visible
 * one's negative; labels are the infrared value, in a table that ends at {@link #CLASSES}, so that
 * computing them of anything brighter fails.
 */
final class TableModel {

  static final int CLASSES = 4;

  private static final int UINT8 = 2;
  private static final int INT32 = 6;
  private static final int GREY_LEVELS = 256;
  private static final int EXTERNAL = 1;

  private TableModel() {}

  /**
   * @param external whether the negative's table is in a file of its own, as in models of several
   *     gigabytes
   */
  static ModelFile write(Path directory, int widthPx, int heightPx, boolean external)
      throws IOException, EngineException {
    ByteBuffer negative = ByteBuffer.allocate(GREY_LEVELS);
    for (int grey = 0; grey < GREY_LEVELS; grey++) {
      negative.put(grey, (byte) (GREY_LEVELS - 1 - grey));
    }
    ProtoWriter negatives = table("negatives", GREY_LEVELS);
    if (external) {
      Files.write(directory.resolve("negatives.bin"), negative.array());
      negatives
          .message(13, new ProtoWriter().text(1, "location").text(2, "negatives.bin"))
          .number(14, EXTERNAL);
    } else {
      negatives.bytes(9, negative);
    }
    ProtoWriter graph =
        new ProtoWriter()
            .message(1, cast("visible_y", "grey"))
            .message(1, cast("infrared", "warmth"))
            .message(1, gather("classes", "warmth", "labels"))
            .message(1, gather("negatives", "grey", "fused_y"))
            .text(2, "tables")
            .message(5, negatives)
            .message(
                5, table("classes", CLASSES).bytes(9, ByteBuffer.wrap(new byte[] {0, 1, 2, 3})))
            .message(11, picture("visible_y", widthPx, heightPx))
            .message(11, picture("infrared", widthPx, heightPx))
            .message(12, picture("fused_y", widthPx, heightPx))
            .message(12, picture("labels", widthPx, heightPx));
    ProtoWriter model =
        new ProtoWriter()
            .number(1, 8)
            .message(7, graph)
            .message(8, new ProtoWriter().number(2, 17));
    Path onnx = directory.resolve(ModelFile.ONNX_NAME);
    try (FileChannel out =
        FileChannel.open(onnx, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      model.writeTo(out);
    }
    ModelFile.writeManifest(
        directory.resolve(ModelFile.MANIFEST_NAME),
        new ModelManifest(
            "tables",
            ModelFile.sha256(onnx),
            List.of(ModelManifest.VISIBLE_Y, ModelManifest.INFRARED),
            widthPx,
            heightPx,
            1,
            1,
            List.of("frozen", "cold", "cool", "warm"),
            List.of(0, 0x0000ff, 0x00ff00, 0xff0000),
            "fp32",
            "none: made for a test",
            "none"));
    return ModelFile.read(directory);
  }

  private static ProtoWriter cast(String from, String to) {
    ProtoWriter type = new ProtoWriter().text(1, "to").number(3, INT32).number(20, 2);
    return new ProtoWriter().text(1, from).text(2, to).text(4, "Cast").message(5, type);
  }

  private static ProtoWriter gather(String table, String indices, String to) {
    return new ProtoWriter().text(1, table).text(1, indices).text(2, to).text(4, "Gather");
  }

  private static ProtoWriter table(String name, int length) {
    return new ProtoWriter().number(1, length).number(2, UINT8).text(8, name);
  }

  private static ProtoWriter picture(String name, int widthPx, int heightPx) {
    ProtoWriter shape = new ProtoWriter();
    for (int dim : new int[] {1, 1, heightPx, widthPx}) {
      shape.message(1, new ProtoWriter().number(1, dim));
    }
    ProtoWriter tensor = new ProtoWriter().number(1, UINT8).message(2, shape);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }
}
