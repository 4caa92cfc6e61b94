package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.HandClock;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SdpWriterTest {
  private final H264Sample sample = H264Sample.synthetic(1, 1, 10);
  private final StreamInfo info =
      new StreamInfo(
          640, 480, 29.97, new byte[] {0x67, 0x42, (byte) 0xc0, 0x1e, 1}, new byte[] {0x68, 5});

  @Test
  void write_ip4_isCompleteAndInOrder() throws Exception {
    String sdp =
        SdpWriter.write(
            new FakeStream("demo", View.SIDE_BY_SIDE, sample, new HandClock()),
            info,
            InetAddress.getByName("192.0.2.1"),
            1234);
    assertEquals(
        List.of(
            "v=0",
            "o=- 1234 1 IN IP4 192.0.2.1",
            "s=demo side-by-side",
            "t=0 0",
            "a=tool:Nightfuse",
            "a=range:npt=now-",
            "a=control:*",
            "m=video 0 RTP/AVP 96",
            "c=IN IP4 0.0.0.0",
            "a=rtpmap:96 H264/90000",
            "a=fmtp:96 packetization-mode=1; profile-level-id=42C01E; sprop-parameter-sets=Z0LAHgE=,aAU=",
            "a=framerate:29.97",
            "a=framesize:96 640-480",
            "a=control:trackID=0"),
        sdp.lines().toList());
    assertTrue(sdp.endsWith("\r\n"));
  }

  @Test
  void write_ip6AndControlCharacterInName_staysOneLineEach() throws Exception {
    String sdp =
        SdpWriter.write(
            new FakeStream("a\r\nb", View.FUSED, sample, new HandClock()),
            info,
            InetAddress.getByName("2001:db8::1"),
            1);
    assertTrue(sdp.contains("o=- 1 1 IN IP6 2001:db8:0:0:0:0:0:1\r\n"));
    assertTrue(sdp.contains("c=IN IP6 ::\r\n"));
    assertTrue(sdp.contains("s=a__b fused\r\n"));
  }
}
