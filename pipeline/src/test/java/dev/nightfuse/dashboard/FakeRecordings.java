package dev.nightfuse.dashboard;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recordings that are only said to be there, all of them with the same video. */
final class FakeRecordings implements DashboardRecordings {

  private final List<Recording> all = new ArrayList<>();
  private @Nullable Path video;

  /** What every recording plays. */
  synchronized void video(Path file) {
    video = file;
  }

  /** Recordings of a minute each, the first at this time. */
  synchronized void add(Instant from, int count, long bytes) {
    for (int i = 0; i < count; i++) {
      Instant start = from.plusSeconds(60L * i);
      String name = start.toString().replace(':', '-') + "_fused.mp4";
      all.add(new Recording(name, start.toString(), "fused", bytes, 60_033L, false, false));
    }
  }

  synchronized void addActive(Instant start) {
    String name = start.toString().replace(':', '-') + "_fused.mp4";
    all.add(new Recording(name, start.toString(), "fused", 4_812_331, null, false, true));
  }

  synchronized List<Recording> all() {
    return List.copyOf(all);
  }

  @Override
  public synchronized Page list(String before, int limit) {
    List<Recording> found = new ArrayList<>(all);
    Collections.reverse(found);
    found.removeIf(r -> !before.isEmpty() && r.name().compareTo(before) >= 0);
    List<Recording> kept = all.stream().filter(Recording::kept).toList();
    return new Page(
        found.subList(0, Math.min(limit, found.size())),
        found.size() > limit,
        all.size(),
        sum(all),
        kept.size(),
        sum(kept),
        12_400_000_000L);
  }

  private static long sum(List<Recording> recordings) {
    return recordings.stream().mapToLong(Recording::bytes).sum();
  }

  private int index(String name) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public synchronized @Nullable Path file(String name) {
    return index(name) < 0 ? null : video;
  }

  @Override
  public synchronized boolean delete(String name) {
    return all.removeIf(recording -> recording.name().equals(name));
  }

  @Override
  public synchronized boolean keep(String name, boolean kept) {
    int i = index(name);
    if (i >= 0) {
      Recording r = all.get(i);
      all.set(
          i,
          new Recording(
              r.name(), r.start(), r.view(), r.bytes(), r.durationMs(), kept, r.active()));
    }
    return i >= 0;
  }
}
