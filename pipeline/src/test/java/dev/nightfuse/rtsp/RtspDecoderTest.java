package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Section A of the cases: framing, whatever way TCP cuts the bytes. */
@ExtendWith(NettyLeaks.class)
final class RtspDecoderTest {
  private static final RtspLimits LIMITS = RtspLimits.defaults();
  private static final String OPTIONS = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
  private static final String SEEN_OPTIONS = "OPTIONS * RTSP/1.0 [CSeq=1]";
  private static final String FRAME = "$\1\0\4abcd";
  private static final String SEEN_FRAME = "$1 4 bytes";

  /** Name, bytes, what is seen. The same table seeds the fuzzing below. */
  static Stream<Arguments> wellFormed() {
    return Stream.of(
        Arguments.of("one request", OPTIONS, List.of(SEEN_OPTIONS)),
        Arguments.of(
            "pipelined",
            OPTIONS + OPTIONS + OPTIONS,
            List.of(SEEN_OPTIONS, SEEN_OPTIONS, SEEN_OPTIONS)),
        Arguments.of("frame first", FRAME + OPTIONS, List.of(SEEN_FRAME, SEEN_OPTIONS)),
        Arguments.of(
            "frame between requests",
            OPTIONS + FRAME + OPTIONS,
            List.of(SEEN_OPTIONS, SEEN_FRAME, SEEN_OPTIONS)),
        Arguments.of(
            "request between frames",
            FRAME + OPTIONS + FRAME,
            List.of(SEEN_FRAME, SEEN_OPTIONS, SEEN_FRAME)),
        Arguments.of("empty frame", "$\7\0\0" + OPTIONS, List.of("$7 0 bytes", SEEN_OPTIONS)),
        Arguments.of(
            "unknown channel", "$\u00ff\0\1x" + OPTIONS, List.of("$255 1 bytes", SEEN_OPTIONS)),
        Arguments.of(
            "frame that looks like a request",
            "$\0\0\37" + OPTIONS + OPTIONS,
            List.of("$0 31 bytes", SEEN_OPTIONS)),
        Arguments.of(
            "largest frame is skipped",
            "$\1\u00ff\u00ff" + "x".repeat(65_535) + OPTIONS,
            List.of("$1 0 bytes", SEEN_OPTIONS)),
        Arguments.of("leading empty lines", "\r\n\r\n\n" + OPTIONS, List.of(SEEN_OPTIONS)),
        Arguments.of(
            "LF only",
            "OPTIONS * RTSP/1.0\nCSeq: 1\n\n" + OPTIONS,
            List.of(SEEN_OPTIONS, SEEN_OPTIONS)),
        Arguments.of(
            "lower-case header, space around",
            "OPTIONS * RTSP/1.0\r\ncseq :  1 \r\n\r\n",
            List.of("OPTIONS * RTSP/1.0 [cseq=1]")),
        Arguments.of(
            "folded header",
            "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nX: a\r\n  b\r\n\tc\r\n\r\n",
            List.of("OPTIONS * RTSP/1.0 [CSeq=1, X=a b c]")),
        Arguments.of(
            "duplicate headers stay",
            "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nCSeq: 2\r\n\r\n",
            List.of("OPTIONS * RTSP/1.0 [CSeq=1, CSeq=2]")),
        Arguments.of(
            "body",
            "SET_PARAMETER * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 6\r\n\r\na: b\r\n" + OPTIONS,
            List.of("SET_PARAMETER * RTSP/1.0 [CSeq=1, Content-Length=6] 6", SEEN_OPTIONS)),
        Arguments.of(
            "body with dollar",
            "SET_PARAMETER * RTSP/1.0\r\nContent-Length: 4\r\n\r\n$\0\0\1" + OPTIONS,
            List.of("SET_PARAMETER * RTSP/1.0 [Content-Length=4] 4", SEEN_OPTIONS)),
        Arguments.of(
            "same length twice",
            "X * RTSP/1.0\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nz",
            List.of("X * RTSP/1.0 [Content-Length=1, Content-Length=1] 1")),
        Arguments.of(
            "other version passes on",
            "OPTIONS * RTSP/2.0\r\n\r\n",
            List.of("OPTIONS * RTSP/2.0 []")),
        Arguments.of(
            "longest method",
            "M".repeat(64) + " * RTSP/1.0\r\n\r\n",
            List.of("M".repeat(64) + " * RTSP/1.0 []")),
        Arguments.of(
            "longest URL",
            "X " + "u".repeat(LIMITS.maxUrlBytes()) + " RTSP/1.0\r\n\r\n",
            List.of("X " + "u".repeat(LIMITS.maxUrlBytes()) + " RTSP/1.0 []")));
  }

  /** Name, bytes, status, CSeq to echo. */
  static Stream<Arguments> broken() {
    String post = "POST * RTSP/1.0\r\nCSeq: 5\r\nContent-Length: ";
    return Stream.of(
        Arguments.of("method of 65 bytes", "M".repeat(65) + " * RTSP/1.0\r\n\r\n", 400, "-"),
        Arguments.of("method without end", "M".repeat(65), 400, "-"),
        Arguments.of("URL of 2049 bytes", "X " + "u".repeat(2_049) + " RTSP/1.0\r\n\r\n", 414, "-"),
        Arguments.of("URL without end", "X " + "u".repeat(2_049), 414, "-"),
        Arguments.of("256 headers", "X * RTSP/1.0\r\n" + "a: b\r\n".repeat(256), 400, "-"),
        Arguments.of("header block too long", "X * RTSP/1.0\r\na: " + "b".repeat(9_000), 400, "-"),
        Arguments.of(
            "many lines too long",
            "X * RTSP/1.0\r\n" + ("a: " + "b".repeat(900) + "\r\n").repeat(10),
            400,
            "-"),
        Arguments.of("body over the limit", post + "16385\r\n\r\n", 413, "5"),
        Arguments.of("negative length", post + "-1\r\n\r\n", 400, "5"),
        Arguments.of("length not a number", post + "ten\r\n\r\n", 400, "5"),
        Arguments.of("length beyond all numbers", post + "9".repeat(30) + "\r\n\r\n", 400, "5"),
        Arguments.of("length beyond int", post + "4294967297\r\n\r\n", 413, "5"),
        Arguments.of("empty length", post + "\r\n\r\n", 400, "5"),
        Arguments.of("two lengths", post + "1\r\nContent-Length: 2\r\n\r\nab", 400, "5"),
        Arguments.of("NUL in URL", "X rtsp://h/\0 RTSP/1.0\r\n\r\n", 400, "-"),
        Arguments.of("UTF-8 in URL", "X rtsp://h/\u00c3\u00a9 RTSP/1.0\r\n\r\n", 400, "-"),
        Arguments.of("CR in URL", "X rtsp://h/\rY RTSP/1.0\r\n\r\n", 400, "-"),
        Arguments.of("NUL in header", "X * RTSP/1.0\r\nCSeq: 1\0\r\n\r\n", 400, "-"),
        Arguments.of(
            "header without colon", "X * RTSP/1.0\r\nCSeq: 3\r\nnothing\r\n\r\n", 400, "3"),
        Arguments.of("header without name", "X * RTSP/1.0\r\n: nothing\r\n\r\n", 400, "-"),
        Arguments.of("fold without header", "X * RTSP/1.0\r\n folded\r\n\r\n", 400, "-"),
        Arguments.of("HTTP on the port", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "-"),
        Arguments.of("a response", "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", 400, "-"),
        Arguments.of("two words", "OPTIONS *\r\n\r\n", 400, "-"),
        Arguments.of("four words", "OPTIONS * * RTSP/1.0\r\n\r\n", 400, "-"),
        Arguments.of("TLS hello", "\u0016\3\1\2\0\1\0\1\u00fc\3\3", 400, "-"),
        Arguments.of("zeros", "\0\0\0\0\0\0\0\0", 400, "-"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wellFormed")
  void decode_wellFormed_seesTheSameHoweverCut(String name, String text, List<String> expected) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(expected, decode(List.of(bytes)));
    if (bytes.length < 10_000) { // Watching 65,535 buffers takes too long.
      assertEquals(expected, decode(singleBytes(bytes)));
    }
    for (int seed = 0; seed < 20; seed++) {
      assertEquals(expected, decode(randomCuts(bytes, new Random(seed))), "seed " + seed);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void decode_broken_saysWhyOnceAndReadsNoFurther(
      String name, String text, int status, String cseq) {
    byte[] bytes = (text + OPTIONS).getBytes(StandardCharsets.ISO_8859_1);
    byte[] before = text.getBytes(StandardCharsets.ISO_8859_1);
    List<String> expected = List.of("malformed " + status + " cseq " + cseq);
    assertEquals(expected, decode(List.of(bytes)));
    assertEquals(expected, decode(List.of(before)), "known before anything follows");
    assertEquals(expected, decode(singleBytes(bytes)));
    for (int seed = 0; seed < 20; seed++) {
      assertEquals(expected, decode(randomCuts(bytes, new Random(seed))), "seed " + seed);
    }
  }

  @Test
  void decode_damagedMessages_neverThrowsAndStaysInBounds() {
    List<byte[]> seeds =
        Stream.concat(wellFormed(), broken())
            .map(a -> ((String) a.get()[1]).getBytes(StandardCharsets.ISO_8859_1))
            .filter(b -> b.length < 10_000)
            .toList();
    Random random = new Random(20_261_121);
    for (int round = 0; round < 1_500; round++) {
      byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
      for (int damage = random.nextInt(6); damage > 0; damage--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      decode(randomCuts(bytes, random));
    }
  }

  @Test
  void decode_noise_endsInOneAnswer() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(200)];
      random.nextBytes(bytes);
      long malformed =
          decode(List.of(bytes)).stream().filter(s -> s.startsWith("malformed")).count();
      assertTrue(malformed <= 1);
    }
  }

  @Test
  void midMessage_tellsWhetherBytesOfAMessageAreMissing() {
    RtspDecoder decoder = new RtspDecoder(LIMITS);
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    write(channel, "\r\n");
    assertEquals(false, decoder.midMessage());
    write(channel, "OPTIONS");
    assertTrue(decoder.midMessage());
    write(channel, " * RTSP/1.0\r\n");
    assertTrue(decoder.midMessage());
    write(channel, "\r\n");
    assertEquals(false, decoder.midMessage());
    write(channel, "$\1");
    assertTrue(decoder.midMessage());
    write(channel, "\0\0");
    assertEquals(false, decoder.midMessage());
    channel.inboundMessages().forEach(io.netty.util.ReferenceCountUtil::release);
    drain(channel);
  }

  private static void write(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static List<String> decode(List<byte[]> pieces) {
    EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder(LIMITS));
    for (byte[] piece : pieces) {
      channel.writeInbound(channel.alloc().buffer().writeBytes(piece));
    }
    return drain(channel);
  }

  private static List<String> drain(EmbeddedChannel channel) {
    List<String> seen = new ArrayList<>();
    for (Object o = channel.readInbound(); o != null; o = channel.readInbound()) {
      seen.add(show((RtspInbound) o));
    }
    channel.finishAndReleaseAll();
    return seen;
  }

  private static String show(RtspInbound message) {
    if (message instanceof RtspInbound.Request r) {
      String headers =
          String.join(
              ", ", r.headers().fields().stream().map(f -> f.name() + '=' + f.value()).toList());
      String body = r.body().isEmpty() ? "" : " " + r.body().length();
      return r.method() + ' ' + r.uri() + ' ' + r.version() + " [" + headers + ']' + body;
    } else if (message instanceof RtspInbound.Interleaved f) {
      String text = "$" + f.channel() + ' ' + f.payload().readableBytes() + " bytes";
      f.payload().release();
      return text;
    } else if (message instanceof RtspInbound.Malformed m) {
      return "malformed " + m.status().code + " cseq " + (m.cseq() == null ? "-" : m.cseq());
    }
    throw new AssertionError(message);
  }

  private static List<byte[]> singleBytes(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    for (byte b : bytes) {
      pieces.add(new byte[] {b});
    }
    return pieces;
  }

  private static List<byte[]> randomCuts(byte[] bytes, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = Math.min(bytes.length, at + 1 + random.nextInt(1 + bytes.length / 3));
      pieces.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return pieces;
  }
}
