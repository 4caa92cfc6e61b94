package dev.nightfuse.app;

import dev.nightfuse.engine.model.ModelImporter;
import org.jspecify.annotations.Nullable;

/** Stages of an import on the terminal. */
final class ModelProgress implements ModelImporter.Listener, AutoCloseable {

  private static final long MIB = 1 << 20;

  private @Nullable Progress bar;
  private long bytes;

  @Override
  public void stage(String name, long totalBytes) {
    close();
    bytes = 0;
    Progress next = new Progress(name, "MiB");
    if (totalBytes > 0) {
      next.total(totalBytes / MIB);
    }
    bar = next;
  }

  @Override
  public void wrote(long more) {
    Progress current = bar;
    for (long mib = bytes / MIB; current != null && mib < (bytes + more) / MIB; mib++) {
      current.step();
    }
    bytes += more;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
