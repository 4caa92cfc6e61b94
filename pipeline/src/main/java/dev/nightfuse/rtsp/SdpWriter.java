package dev.nightfuse.rtsp;

import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.VideoStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Locale;

/** Session description of one H.264 video (RFC 4566; RFC 6184 section 8.2; RFC 2326 appendix C). */
final class SdpWriter {
  static final int PAYLOAD_TYPE = 96;
  static final int TRACK = 0;

  private SdpWriter() {}

  static String write(VideoStream stream, StreamInfo info, InetAddress server, long sessionId) {
    boolean ip6 = server instanceof Inet6Address;
    byte[] sps = info.sps();
    Base64.Encoder base64 = Base64.getEncoder();
    // The three bytes after the NAL header are profile_idc, constraint flags and level_idc.
    String profileLevelId =
        String.format(Locale.ROOT, "%02X%02X%02X", sps[1] & 0xff, sps[2] & 0xff, sps[3] & 0xff);
    return String.join(
        "\r\n",
        "v=0",
        "o=- " + sessionId + " 1 IN " + (ip6 ? "IP6 " : "IP4 ") + numeric(server),
        "s=" + (stream.rig() + ' ' + stream.view().label()).replaceAll("\\p{Cntrl}", "_"),
        "t=0 0",
        "a=tool:Nightfuse",
        "a=range:npt=now-",
        "a=control:*",
        "m=video 0 RTP/AVP " + PAYLOAD_TYPE,
        "c=IN " + (ip6 ? "IP6 ::" : "IP4 0.0.0.0"),
        "a=rtpmap:" + PAYLOAD_TYPE + " H264/" + RtpTimeline.CLOCK_HZ,
        "a=fmtp:"
            + PAYLOAD_TYPE
            + " packetization-mode=1; profile-level-id="
            + profileLevelId
            + "; sprop-parameter-sets="
            + base64.encodeToString(sps)
            + ','
            + base64.encodeToString(info.pps()),
        "a=framerate:" + String.format(Locale.ROOT, "%.2f", info.framesPerSecond()),
        "a=framesize:" + PAYLOAD_TYPE + ' ' + info.widthPx() + '-' + info.heightPx(),
        "a=control:trackID=" + TRACK,
        "");
  }

  /** Without the zone: it names an interface of this machine and means nothing to the client. */
  static String numeric(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
