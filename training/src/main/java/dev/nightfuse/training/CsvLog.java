package dev.nightfuse.training;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss curve as a table: stage, step, name, value. Taken up from a checkpoint, what was written
 * after it is dropped, so the curve has every step once.
 */
final class CsvLog implements AutoCloseable {

  private static final String HEADER = "stage,step,name,value";

  private final Writer out;

  /**
   * @param stage of the checkpoint that the run goes on from; 0 for a new run
   * @param step of the stage; rows of it and later are dropped
   */
  CsvLog(Path file, int stage, long step) throws IOException {
    List<String> kept = new ArrayList<>(List.of(HEADER));
    if (Files.exists(file) && (stage > 0 || step > 0)) {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.split(",", -1);
        if (fields.length == 4 && !line.equals(HEADER)) {
          int rowStage = Integer.parseInt(fields[0]);
          if (rowStage < stage || (rowStage == stage && Long.parseLong(fields[1]) < step)) {
            kept.add(line);
          }
        }
      }
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(partial, kept);
    // Whatever ends the process now, what was learnt so far keeps its curve.
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  void add(int stage, long step, String name, double value) throws IOException {
    out.write("%d,%d,%s,%s%n".formatted(stage, step, name, value));
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
