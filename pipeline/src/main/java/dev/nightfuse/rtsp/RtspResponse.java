package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** An answer; {@code CSeq} and {@code Server} are added by the connection. */
final class RtspResponse {
  private final RtspStatus status;
  private final RtspHeaders headers = new RtspHeaders();
  private String body = "";

  RtspResponse(RtspStatus status) {
    this.status = status;
  }

  RtspResponse header(String name, String value) {
    headers.add(name, value);
    return this;
  }

  RtspResponse body(String contentType, String text) {
    headers.add("Content-Type", contentType);
    body = text;
    return this;
  }

  RtspStatus status() {
    return status;
  }

  ByteBuf encode(ByteBufAllocator allocator) {
    StringBuilder head = new StringBuilder(256);
    head.append("RTSP/1.0 ").append(status.code).append(' ').append(status.reason).append("\r\n");
    for (RtspHeaders.Field field : headers.fields()) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    if (content.length > 0) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    head.append("\r\n");
    ByteBuf out = allocator.ioBuffer(head.length() + content.length);
    ByteBufUtil.writeUtf8(out, head);
    return out.writeBytes(content);
  }
}
