package dev.nightfuse.rtsp;

import java.util.random.RandomGenerator;

/** Where the numbers of an RTP stream start: random (RFC 3550 section 5.1), fixed in tests. */
record RtpOrigin(int ssrc, int sequence, int timestamp) {

  static RtpOrigin random(RandomGenerator random) {
    return new RtpOrigin(random.nextInt(), random.nextInt(0x10000), random.nextInt());
  }
}
