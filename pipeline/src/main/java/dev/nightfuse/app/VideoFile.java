package dev.nightfuse.app;

import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.mp4.FragmentedMp4;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An MP4 file that grows with what an encoder gives; a fragment per group of pictures. Called by
 * one thread at a time.
 */
final class VideoFile implements VideoEncoder.Listener, AutoCloseable {

  private static final long LAST_FRAME_NS = 33_333_333;

  private final OutputStream out;
  private final List<AccessUnit> group = new ArrayList<>();
  private @Nullable StreamInfo info;
  private @Nullable FragmentedMp4 mp4;
  private long lastDurationNs = LAST_FRAME_NS;

  VideoFile(Path file) throws IOException {
    this.out = Files.newOutputStream(file);
  }

  @Override
  public void described(StreamInfo described) {
    info = described;
  }

  @Override
  public void encoded(AccessUnit unit) {
    try {
      if (unit.keyFrame() && !group.isEmpty()) {
        writeGroup(unit.captureNs());
      }
      if (!group.isEmpty()) {
        lastDurationNs = unit.captureNs() - group.get(group.size() - 1).captureNs();
      }
      group.add(unit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeGroup(long endNs) throws IOException {
    StreamInfo known = info;
    if (known == null) {
      throw new IllegalStateException("pictures before their description");
    }
    FragmentedMp4 current = mp4;
    if (current == null) {
      AccessUnit first = group.get(0);
      current = new FragmentedMp4(known, first.captureNs(), first.captureWallNs());
      mp4 = current;
      out.write(current.initSegment());
    }
    out.write(current.fragment(List.copyOf(group), endNs));
    group.clear();
  }

  /** Writes what is left. */
  void finish() throws IOException {
    if (!group.isEmpty()) {
      writeGroup(group.get(group.size() - 1).captureNs() + lastDurationNs);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
