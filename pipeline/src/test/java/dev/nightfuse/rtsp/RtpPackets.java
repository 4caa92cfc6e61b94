package dev.nightfuse.rtsp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes RTP packets apart again (RFC 3550, RFC 6184), independently of the code under test. */
final class RtpPackets {
  private RtpPackets() {}

  record Packet(
      boolean marker, int payloadType, int sequence, int timestamp, int ssrc, byte[] payload) {

    static Packet parse(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if ((in.get(0) & 0xff) != 0x80) {
        throw new AssertionError("not version 2 without padding, extension and sources");
      }
      return new Packet(
          in.get(1) < 0,
          in.get(1) & 0x7f,
          in.getShort(2) & 0xffff,
          in.getInt(4),
          in.getInt(8),
          Arrays.copyOfRange(bytes, 12, bytes.length));
    }

    /** Type of the payload: of a NAL unit, 24 for STAP-A, 28 for FU-A. */
    int type() {
      return payload[0] & 0x1f;
    }
  }

  /** The packets of a buffer in which each stands behind a {@code $} header. */
  static List<Packet> split(byte[] framed) {
    List<Packet> packets = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(framed);
    while (in.hasRemaining()) {
      if (in.get() != '$') {
        throw new AssertionError("no $");
      }
      in.get();
      byte[] packet = new byte[in.getShort() & 0xffff];
      in.get(packet);
      packets.add(Packet.parse(packet));
    }
    return packets;
  }

  /** NAL units of the packets of one picture. */
  static List<byte[]> nalUnits(List<Packet> packets) {
    List<byte[]> units = new ArrayList<>();
    ByteArrayOutputStream fragments = new ByteArrayOutputStream();
    for (Packet packet : packets) {
      byte[] payload = packet.payload();
      if (packet.type() == 24) {
        int at = 1;
        while (at < payload.length) {
          int size = ((payload[at] & 0xff) << 8) | (payload[at + 1] & 0xff);
          units.add(Arrays.copyOfRange(payload, at + 2, at + 2 + size));
          at += 2 + size;
        }
      } else if (packet.type() == 28) {
        boolean start = (payload[1] & 0x80) != 0;
        if (start != (fragments.size() == 0)) {
          throw new AssertionError("fragment start where none should be, or none where one should");
        }
        if (start) {
          fragments.write((payload[0] & 0xe0) | (payload[1] & 0x1f));
        }
        fragments.write(payload, 2, payload.length - 2);
        if ((payload[1] & 0x40) != 0) {
          units.add(fragments.toByteArray());
          fragments.reset();
        }
      } else {
        units.add(payload);
      }
    }
    if (fragments.size() != 0) {
      throw new AssertionError("last fragment is missing");
    }
    return units;
  }

  /** Reads the interleaved packets of one picture, up to the marker. */
  static List<Packet> readPicture(RtspTestClient client, int channel) throws java.io.IOException {
    List<Packet> packets = new ArrayList<>();
    do {
      packets.add(Packet.parse(client.readFrame(channel).payload()));
    } while (!packets.get(packets.size() - 1).marker());
    return packets;
  }
}
