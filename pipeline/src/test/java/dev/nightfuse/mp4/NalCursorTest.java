package dev.nightfuse.mp4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NalCursorTest {

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "65, ''",
    "000001, ''",
    "0000000165, 65",
    "00000165, 65",
    "00000001674d00000001680000000165ff, 674d 68 65ff",
    "000001670000016800000165, 67 68 65",
    "0000016700000000000168, 67 68",
    "00000100000165, 65",
    "000001650000, 65",
    "0000016500000301, 6500000301",
    "000001650100010165, 650100010165",
    "00000165ff0001, 65ff0001",
  })
  void next_byteStream_findsUnits(String hex, String expected) {
    assertEquals(expected, String.join(" ", units(HexFormat.of().parseHex(hex))));
  }

  @Test
  void next_randomBytes_agreesWithPlainSearch() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(24)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt(3);
      }
      assertEquals(plain(bytes), units(bytes), () -> HexFormat.of().formatHex(bytes));
    }
  }

  private static List<String> units(byte[] bytes) {
    List<String> found = new ArrayList<>();
    NalCursor nal = new NalCursor(bytes);
    while (nal.next()) {
      found.add(HexFormat.of().formatHex(bytes, nal.offset(), nal.offset() + nal.length()));
    }
    return found;
  }

  private static List<String> plain(byte[] bytes) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i + 2 < bytes.length; i++) {
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) {
        starts.add(i);
      }
    }
    List<String> found = new ArrayList<>();
    for (int s = 0; s < starts.size(); s++) {
      int end = s + 1 < starts.size() ? starts.get(s + 1) : bytes.length;
      byte[] unit = Arrays.copyOfRange(bytes, starts.get(s) + 3, end);
      int length = unit.length;
      while (length > 0 && unit[length - 1] == 0) {
        length--;
      }
      if (length > 0) {
        found.add(HexFormat.of().formatHex(unit, 0, length));
      }
    }
    return found;
  }
}
