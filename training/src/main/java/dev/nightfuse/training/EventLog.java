package dev.nightfuse.training;

import dev.nightfuse.engine.onnx.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: records of {@code length, masked crc of it, Event, masked crc of it}
 * (tensorflow's tfrecord), an Event holding one number each. A run that is taken up starts another
 * file in the same folder, which TensorBoard reads as one.
 */
final class EventLog implements AutoCloseable {

  private static final int MASK = 0xa282ead8;
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private final FileChannel file;
  private final Clock clock;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  private EventLog(FileChannel file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  static EventLog open(Path folder, Clock clock) throws IOException {
    long millis = clock.millis();
    Path path =
        folder.resolve(
            "events.out.tfevents.%d.%03d.nightfuse".formatted(millis / 1000, millis % 1000));
    EventLog log =
        new EventLog(
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), clock);
    log.record(log.event().text(EVENT_VERSION, "brain.Event:2"));
    log.flush();
    return log;
  }

  void scalar(long step, String tag, double value) throws IOException {
    ProtoWriter number = new ProtoWriter().text(VALUE_TAG, tag).real(VALUE_SIMPLE, (float) value);
    record(
        event()
            .number(EVENT_STEP, step)
            .message(EVENT_SUMMARY, new ProtoWriter().message(SUMMARY_VALUE, number)));
  }

  private ProtoWriter event() {
    return new ProtoWriter().precise(EVENT_WALL_TIME, clock.millis() / 1000.0);
  }

  private void record(ProtoWriter event) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    event.writeTo(Channels.newChannel(message));
    byte[] data = message.toByteArray();
    byte[] length = little(data.length, Long.BYTES);
    pending.writeBytes(length);
    pending.writeBytes(little(masked(length), Integer.BYTES));
    pending.writeBytes(data);
    pending.writeBytes(little(masked(data), Integer.BYTES));
  }

  static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private static byte[] little(long value, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  void flush() throws IOException {
    ByteBuffer data = ByteBuffer.wrap(pending.toByteArray());
    pending.reset();
    while (data.hasRemaining()) {
      file.write(data);
    }
  }

  @Override
  public void close() throws IOException {
    flush();
    file.close();
  }
}
