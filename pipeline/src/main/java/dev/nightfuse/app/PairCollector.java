package dev.nightfuse.app;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps aligned pairs of a live rig while it records, as a data set to train on and to evaluate
 * with: {@code visible/NAME.png} as the camera gives it, {@code infrared/NAME.png} laid onto it.
 * Only pairs that are what a network should learn from: both cameras present, a new infrared frame,
 * matched in time.
 *
 * <p><b>Threads.</b> {@link #offer} on the rig's loop; it never waits. A thread {@code pairs-RIG}
 * compresses and writes, one pair at a time; a pair that is due meanwhile is taken once it is done.
 * <b>Ownership.</b> Holds at most one visible and one infrared frame, until they are compressed.
 */
final class PairCollector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PairCollector.class);
  private static final long STOP_MS = 1_000;
  private static final long IDLE_S = 30;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss-SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The engine has no part in a pair, so neither have its troubles. */
  private static final Set<Degradation> SPOILS =
      EnumSet.complementOf(EnumSet.of(Degradation.ENGINE_SLOW, Degradation.ENGINE_FALLBACK));

  private final String rig;
  private final Path folder;
  private final long everyNs;
  private final BooleanSupplier recording;
  private final ThreadPoolExecutor writer;
  private final AtomicLong kept = new AtomicLong();
  private long dueNs = Long.MIN_VALUE;
  private volatile String error = "";

  /**
   * @param folder of the data set; made with the first pair
   * @param everyNs capture time from one pair to the next at least; 0 for no pairs at all
   * @param recording whether the rig records now
   */
  PairCollector(String rig, Path folder, long everyNs, BooleanSupplier recording) {
    this.rig = rig;
    this.folder = folder;
    this.everyNs = everyNs;
    this.recording = recording;
    this.writer =
        new ThreadPoolExecutor(
            0,
            1,
            IDLE_S,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "pairs-" + rig);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Keeps the pair of this picture if one is due; borrows the frames for the call. */
  void offer(FusedFrame picture) {
    Frame visible = picture.visible();
    Frame infrared = picture.infrared();
    if (everyNs == 0
        || visible == null
        || infrared == null
        || picture.infraredAgeNs() > 0
        || !Collections.disjoint(picture.degradations(), SPOILS)
        || picture.captureNs() < dueNs
        || !recording.getAsBoolean()) {
      return;
    }
    visible.retain();
    infrared.retain();
    try {
      writer.execute(() -> write(visible, infrared, picture.captureWallNs()));
      dueNs = picture.captureNs() + everyNs;
    } catch (RejectedExecutionException busyOrClosed) {
      visible.release();
      infrared.release();
    }
  }

  /** Pairs written since the program began; any thread. */
  long kept() {
    return kept.get();
  }

  /** Why the last pair could not be written, or ""; any thread. */
  String error() {
    return error;
  }

  private void write(Frame visible, Frame infrared, long captureWallNs) {
    BufferedImage colour;
    BufferedImage grey;
    try {
      colour = VideoPixels.colour(visible);
      ByteBuffer plane = infrared.plane(0);
      byte[] levels = new byte[infrared.format().planeSizeBytes(0)];
      plane.get(0, levels);
      grey = VideoPixels.grey(levels, infrared.format().widthPx());
    } finally {
      visible.release();
      infrared.release();
    }
    String name = rig + "-" + TIME.format(Instant.ofEpochSecond(0, captureWallNs)) + ".png";
    try {
      Path visibleFolder = OutputFile.createFolder(folder.resolve("visible"));
      Path infraredFolder = OutputFile.createFolder(folder.resolve("infrared"));
      Picture.writePngs(
          Map.of(visibleFolder.resolve(name), colour, infraredFolder.resolve(name), grey));
      kept.incrementAndGet();
      error = "";
    } catch (UserErrorException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  /** Said once, not every few seconds. */
  private void failed(String why) {
    if (!why.equals(error)) {
      LOG.error("{}: pairs of pictures: {}", rig, why);
    }
    error = why;
  }

  /** Finishes the pair that is being written; at most {@value #STOP_MS} ms. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
        LOG.error("{}: a pair of pictures waits for the disk and is left behind", rig);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
