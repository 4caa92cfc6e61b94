package dev.nightfuse.dashboard;

import dev.nightfuse.dashboard.DashboardControls.RefusedException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recordings of one rig, to look at, download, keep and delete. A name comes from a request and
 * may be anything; what is not the name of a recording is not there.
 *
 * <p>Called from one thread that does nothing else; may wait for the disk.
 */
public interface DashboardRecordings {

  /**
   * The newest recordings, or the newest of those before one.
   *
   * @param before name of a recording, there or not; "" for the newest of all
   * @param limit how many at most
   */
  Page list(String before, int limit) throws RefusedException;

  /** The file of a recording, absolute, or null when there is none of this name. */
  @Nullable Path file(String name) throws RefusedException;

  /** Deletes a recording, kept or not; false when there is none of this name. */
  boolean delete(String name) throws RefusedException;

  /** Keeps a recording from deletion to make room, or no longer; false when there is none. */
  boolean keep(String name, boolean kept) throws RefusedException;

  /**
   * Some recordings, and how many there are. Field names are the JSON names.
   *
   * @param recordings newest first
   * @param older whether there are more before the last of them
   * @param files how many there are in all
   * @param bytes size of all, those that are kept included
   * @param freeBytes what may still be written to their disk
   */
  record Page(
      List<Recording> recordings,
      boolean older,
      int files,
      long bytes,
      int keptFiles,
      long keptBytes,
      long freeBytes) {}

  /**
   * One recording.
   *
   * @param start when its first picture was captured, ISO 8601 in UTC
   * @param durationMs null while it is being written, and where its file does not tell
   * @param kept whether it is kept from deletion to make room
   * @param active whether it is being written
   */
  record Recording(
      String name,
      String start,
      String view,
      long bytes,
      @Nullable Long durationMs,
      boolean kept,
      boolean active) {}
}
