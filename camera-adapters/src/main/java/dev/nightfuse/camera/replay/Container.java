package dev.nightfuse.camera.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a file's video is found and decoded. Common containers get their demultiplexer by name:
 * inside {@code decodebin} its errors are sometimes lost (a broken file would then only show by
 * silence), and sound would be decoded for nothing. All others are left to {@code decodebin}.
 */
enum Container {
  MP4("qtdemux name=demux demux.video_0 ! decodebin"),
  MATROSKA("matroskademux name=demux demux.video_0 ! decodebin"),
  AVI("avidemux name=demux demux.video_0 ! decodebin"),
  OTHER("decodebin");

  private static final int HEAD_BYTES = 12;

  private final String decoding;

  Container(String decoding) {
    this.decoding = decoding;
  }

  /** The elements between the file source and the conversion. */
  String decoding() {
    return decoding;
  }

  /** Looks at the first bytes; names lie. */
  static Container of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD_BYTES);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ftyp", 4) || text.startsWith("moov", 4) || text.startsWith("mdat", 4)) {
      return MP4;
    }
    if (text.startsWith("\u001aE\u00df\u00a3")) {
      return MATROSKA;
    }
    return text.startsWith("RIFF") && text.startsWith("AVI ", 8) ? AVI : OTHER;
  }
}
