package dev.nightfuse.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One transport of a {@code Transport} header (RFC 2326 section 12.39).
 *
 * @param protocol as the client wrote it, to be echoed
 * @param kind what it asks for
 * @param first RTP port of the client or channel of RTP; -1 where the client leaves it to us
 * @param second the same for RTCP
 */
record TransportHeader(String protocol, Kind kind, int first, int second) {

  enum Kind {
    UDP,
    INTERLEAVED,
    /** Multicast, secure profiles, recording, and whatever else we do not speak. */
    OTHER
  }

  /** All transports in the client's order of preference. */
  static List<TransportHeader> parseAll(List<String> headerValues) {
    List<TransportHeader> transports = new ArrayList<>();
    for (String value : headerValues) {
      for (String transport : value.split(",", -1)) {
        transports.add(parse(transport.strip()));
      }
    }
    return transports;
  }

  private static TransportHeader parse(String text) {
    String[] parts = text.split(";", -1);
    String protocol = parts[0].strip();
    Kind kind =
        switch (protocol.toUpperCase(Locale.ROOT)) {
          case "RTP/AVP", "RTP/AVP/UDP" -> Kind.UDP;
          case "RTP/AVP/TCP" -> Kind.INTERLEAVED;
          default -> Kind.OTHER;
        };
    if (protocol.isEmpty()) {
      throw bad("empty transport");
    }
    String pairName = kind == Kind.UDP ? "client_port" : "interleaved";
    int max = kind == Kind.UDP ? 65_535 : 255;
    int min = kind == Kind.UDP ? 1 : 0;
    int first = -1;
    int second = -1;
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
      String value = equals < 0 ? "" : parts[i].substring(equals + 1).strip();
      if (name.equalsIgnoreCase("multicast")
          || (name.equalsIgnoreCase("mode") && !value.replace("\"", "").equalsIgnoreCase("PLAY"))) {
        kind = Kind.OTHER;
      } else if (name.equalsIgnoreCase(pairName)) {
        String[] pair = value.split("-", -1);
        first = number(pair[0], min, max, value);
        second = pair.length > 1 ? number(pair[1], min, max, value) : first + 1;
        if (pair.length > 2 || first == second || second > max) {
          throw bad("not a pair of different numbers: " + value);
        }
      }
    }
    // Without client ports there is nowhere to send to.
    boolean noAddress = kind == Kind.UDP && first < 0;
    return new TransportHeader(protocol, noAddress ? Kind.OTHER : kind, first, second);
  }

  private static int number(String digits, int min, int max, String whole) {
    if (digits.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(digits);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw bad("port or channel not within " + min + " to " + max + ": " + whole);
  }

  private static RtspException bad(String why) {
    return new RtspException(RtspStatus.BAD_REQUEST, "Transport: " + why);
  }
}
