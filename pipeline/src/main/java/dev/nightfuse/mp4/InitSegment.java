package dev.nightfuse.mp4;

import dev.nightfuse.stream.StreamInfo;

/**
 * {@code ftyp} and {@code moov} of a fragmented file with one H.264 track (ISO/IEC 14496-12,
 * 14496-15). The duration is left open: it is the sum of the fragments.
 */
final class InitSegment {

  /** Seconds from 1904-01-01, the origin of MP4 times, to 1970-01-01. */
  private static final long EPOCH_1904_S = 2_082_844_800L;

  private static final int[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

  private InitSegment() {}

  static byte[] of(StreamInfo info, int trackId, int timescale, long originWallNs) {
    long created = Math.max(0, originWallNs / 1_000_000_000L + EPOCH_1904_S);
    BoxWriter out = new BoxWriter();
    out.box("ftyp").ascii("iso5").u32(512).ascii("iso5").ascii("iso6").ascii("mp41").end();
    out.box("moov");
    out.fullBox("mvhd", 1, 0).u64(created).u64(created).u32(timescale).u64(0);
    out.u32(0x10000).u16(0x100).zeros(10);
    matrix(out).zeros(24).u32(trackId + 1).end();
    out.box("trak");
    trackHeader(out, info, trackId, created);
    media(out, info, timescale, created);
    out.end();
    out.box("mvex");
    out.fullBox("trex", 0, 0).u32(trackId).u32(1).u32(0).u32(0).u32(0).end();
    out.end();
    return out.end().toBytes();
  }

  private static void trackHeader(BoxWriter out, StreamInfo info, int trackId, long created) {
    // Flags: enabled, in movie, in preview.
    out.fullBox("tkhd", 1, 7).u64(created).u64(created).u32(trackId).u32(0).u64(0);
    out.zeros(8).u16(0).u16(0).u16(0).u16(0);
    matrix(out).u32((long) info.widthPx() << 16).u32((long) info.heightPx() << 16).end();
  }

  private static void media(BoxWriter out, StreamInfo info, int timescale, long created) {
    out.box("mdia");
    out.fullBox("mdhd", 1, 0).u64(created).u64(created).u32(timescale).u64(0);
    // Language "und", three letters of five bits.
    out.u16(0x55c4).u16(0).end();
    out.fullBox("hdlr", 0, 0).u32(0).ascii("vide").zeros(12).ascii("video").u8(0).end();
    out.box("minf");
    out.fullBox("vmhd", 0, 1).zeros(8).end();
    // Flag 1: the media is in this file.
    out.box("dinf").fullBox("dref", 0, 0).u32(1).fullBox("url ", 0, 1).end().end().end();
    out.box("stbl");
    out.fullBox("stsd", 0, 0).u32(1);
    sampleEntry(out, info);
    out.end();
    out.fullBox("stts", 0, 0).u32(0).end();
    out.fullBox("stsc", 0, 0).u32(0).end();
    out.fullBox("stsz", 0, 0).u32(0).u32(0).end();
    out.fullBox("stco", 0, 0).u32(0).end();
    out.end().end().end();
  }

  private static void sampleEntry(BoxWriter out, StreamInfo info) {
    out.box("avc1").zeros(6).u16(1).zeros(16).u16(info.widthPx()).u16(info.heightPx());
    // 72 dpi, one frame per sample, no compressor name, 24 bit colour.
    out.u32(0x480000).u32(0x480000).u32(0).u16(1).zeros(32).u16(24).u16(0xffff);
    decoderConfiguration(out, info.sps(), info.pps());
    out.box("pasp").u32(1).u32(1).end();
    out.end();
  }

  /** {@code avcC}, ISO/IEC 14496-15 section 5.3.3. */
  private static void decoderConfiguration(BoxWriter out, byte[] sps, byte[] pps) {
    int profile = sps[1] & 0xff;
    out.box("avcC").u8(1).u8(profile).u8(sps[2]).u8(sps[3]);
    // Reserved ones with 4-byte lengths; reserved ones with one SPS.
    out.u8(0xff).u8(0xe1).u16(sps.length).put(sps);
    out.u8(1).u16(pps.length).put(pps);
    if (profile == 100 || profile == 110 || profile == 122 || profile == 144) {
      // High profiles repeat what we always send: 4:2:0, 8 bit, no SPS extension.
      out.u8(0xfc | 1).u8(0xf8).u8(0xf8).u8(0);
    }
    out.end();
  }

  private static BoxWriter matrix(BoxWriter out) {
    for (int m : UNITY_MATRIX) {
      out.u32(m);
    }
    return out;
  }
}
