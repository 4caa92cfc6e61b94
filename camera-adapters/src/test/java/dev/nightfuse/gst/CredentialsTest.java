package dev.nightfuse.gst;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

  @ParameterizedTest
  @CsvSource({
    "rtsp://h/x, rtsp://h/x",
    "rtsp://u:p@h:554/x, rtsp://***@h:554/x",
    "rtsp://u:p@ss@h/x, rtsp://***@h/x",
    "rtsp://u:p/s@h/x, rtsp://***@h/x",
    "rtsp://h/a@b, rtsp://h/a@b",
    "u:p@h/x, ***@h/x",
    "rtsp://h:554/a@b, rtsp://h:554/a@b",
    "rtsp://h/x?channel=1&user=me&Password=it&n=2, rtsp://h/x?channel=1&user=***&Password=***&n=2",
    "Could not open rtsp://u:p@h/x (rtsp://u:p@h/y), Could not open rtsp://***@h/x (rtsp://***@h/y)"
  })
  void hide_addressInText_hasNoCredentials(String text, String hidden) {
    assertEquals(hidden, Credentials.hide(text));
  }
}
