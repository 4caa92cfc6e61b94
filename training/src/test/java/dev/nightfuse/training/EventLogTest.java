package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event file, read back by its published layout. */
final class EventLogTest {

  @TempDir private Path folder;

  @Test
  void masked_checkValueOfCrc32c_isRotatedAndShifted() {
    // CRC-32C of "123456789" is 0xe3069283.
    int rotated = (0xe3069283 >>> 15) | (0xe3069283 << 17);
    assertEquals(
        rotated + 0xa282ead8, EventLog.masked("123456789".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void scalar_written_isARecordThatTensorBoardReads() throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(1_500), ZoneOffset.UTC);
    try (EventLog log = EventLog.open(folder, clock)) {
      log.scalar(300, "a", 1.5);
    }
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.toList().get(0);
    }
    assertEquals("events.out.tfevents.1.500.nightfuse", file.getFileName().toString());
    ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] version = record(data);
    assertEquals("brain.Event:2", new String(version, 11, 13, StandardCharsets.US_ASCII));
    byte[] expected = {
      0x09,
      0,
      0,
      0,
      0,
      0,
      0,
      (byte) 0xf8,
      0x3f, // 1: double 1.5 seconds
      0x10,
      (byte) 0xac,
      0x02, // 2: varint 300
      0x2a,
      10,
      0x0a,
      8,
      0x0a,
      1,
      'a',
      0x15,
      0,
      0,
      (byte) 0xc0,
      0x3f // 5: {1: {1: "a", 2: 1.5f}}
    };
    assertEquals(boxed(expected), boxed(record(data)));
    assertEquals(0, data.remaining());
  }

  private static byte[] record(ByteBuffer data) {
    byte[] length = new byte[8];
    data.get(length);
    assertEquals(EventLog.masked(length), data.getInt());
    byte[] record =
        new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
    data.get(record);
    assertEquals(EventLog.masked(record), data.getInt());
    return record;
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] result = new Byte[bytes.length];
    Arrays.setAll(result, i -> bytes[i]);
    return List.of(result);
  }
}
