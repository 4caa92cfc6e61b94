package dev.nightfuse.engine.tensorrt;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.nightfuse.engine.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One file of the plan cache: a page of readable text that says what the plan is for, then the
 * plan.
 *
 * <pre>
 *   0     nightfuse-plan 1\n key=value\n ... plan_bytes= plan_sha256= build_s= \n, zeros up to 4096
 *   4096  the plan as TensorRT wrote it
 * </pre>
 *
 * @param file where it is
 * @param key what it was built for
 * @param planBytes size of the plan
 * @param sha256 checksum of the plan
 * @param buildSeconds how long it took to build
 */
record PlanFile(Path file, PlanKey key, long planBytes, String sha256, long buildSeconds) {

  private static final String MAGIC = "nightfuse-plan 1";
  private static final int HEADER_BYTES = 4096;
  private static final String BYTES = "plan_bytes";
  private static final String CHECKSUM = "plan_sha256";
  private static final String SECONDS = "build_s";
  private static final Set<String> OWN = Set.of(BYTES, CHECKSUM, SECONDS);

  /**
   * Writes a plan beside others; the file appears whole or not at all, also after a power cut. One
   * at a time for each file.
   */
  static PlanFile write(Path file, PlanKey key, Path plan, long buildSeconds) throws IOException {
    PlanFile made = new PlanFile(file, key, Files.size(plan), checksum(plan, 0), buildSeconds);
    if (made.planBytes > Integer.MAX_VALUE) {
      throw new IOException(
          "a plan of %d bytes is more than can be loaded, %d"
              .formatted(made.planBytes, Integer.MAX_VALUE));
    }
    byte[] header = made.header().getBytes(StandardCharsets.UTF_8);
    if (header.length > HEADER_BYTES) {
      throw new IOException(
          "a plan's description of %d bytes is too long".formatted(header.length));
    }
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    Path work = folder.resolve(file.getFileName() + ".writing");
    try {
      try (FileChannel out = FileChannel.open(work, CREATE, TRUNCATE_EXISTING, WRITE);
          FileChannel in = FileChannel.open(plan, StandardOpenOption.READ)) {
        ByteBuffer page = ByteBuffer.allocate(HEADER_BYTES).put(header).clear();
        while (page.hasRemaining()) {
          out.write(page);
        }
        for (long at = 0; at < made.planBytes; ) {
          at += in.transferTo(at, made.planBytes - at, out);
        }
        out.force(true);
      }
      Files.move(work, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return made;
    } finally {
      Files.deleteIfExists(work);
    }
  }

  /**
   * Reads the description only.
   *
   * @throws IOException when the file is not a plan of this program, or cut short
   */
  static PlanFile read(Path file) throws IOException {
    byte[] page;
    try (InputStream in = Files.newInputStream(file)) {
      page = in.readNBytes(HEADER_BYTES);
    }
    String[] lines = new String(page, StandardCharsets.UTF_8).split("\n", -1);
    if (page.length < HEADER_BYTES || !lines[0].equals(MAGIC)) {
      throw new IOException("is not a plan of this program");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      if (equals > 0) {
        facts.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
      }
    }
    long planBytes;
    long buildSeconds;
    try {
      planBytes = Long.parseLong(facts.getOrDefault(BYTES, ""));
      buildSeconds = Long.parseLong(facts.getOrDefault(SECONDS, ""));
    } catch (NumberFormatException e) {
      throw new IOException("has a damaged description", e);
    }
    String sha256 = facts.getOrDefault(CHECKSUM, "");
    facts.keySet().removeAll(OWN);
    if (Files.size(file) != HEADER_BYTES + planBytes) {
      throw new IOException(
          "has %d bytes instead of %d".formatted(Files.size(file), HEADER_BYTES + planBytes));
    }
    return new PlanFile(file, new PlanKey(facts), planBytes, sha256, buildSeconds);
  }

  /** Whether the plan can be read and its checksum is the recorded one. */
  boolean intact() {
    try {
      return checksum(file, HEADER_BYTES).equals(sha256);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The plan, mapped.
   *
   * @throws IOException when its checksum is not the recorded one
   */
  ByteBuffer plan() throws IOException {
    String found = checksum(file, HEADER_BYTES);
    if (!found.equals(sha256)) {
      throw new IOException("is damaged: its checksum is not the recorded one");
    }
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      MappedByteBuffer plan = in.map(FileChannel.MapMode.READ_ONLY, HEADER_BYTES, planBytes);
      return plan;
    }
  }

  private String header() {
    StringBuilder text = new StringBuilder(MAGIC).append('\n');
    key.facts().forEach((name, value) -> line(text, name, value));
    line(text, BYTES, Long.toString(planBytes));
    line(text, CHECKSUM, sha256);
    line(text, SECONDS, Long.toString(buildSeconds));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append('=').append(value.replaceAll("\\p{Cntrl}", " ")).append('\n');
  }

  private static String checksum(Path file, long from) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      return ModelFile.sha256(in);
    }
  }
}
