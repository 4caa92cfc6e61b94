/**
 * RTSP server on Netty: signalling (RFC 2326) and H.264 over RTP (RFC 3550, 6184), over UDP or
 * interleaved in the RTSP connection. One event loop thread owns everything here; streams reach it
 * through {@link dev.nightfuse.stream.Subscription} queues only. With a certificate, Netty's
 * handler for TLS stands between a client and all of it; RTP then goes in the RTSP connection
 * alone.
 *
 * <pre>
 *   publisher thread            event loop thread "rtsp"
 *
 *   VideoStream --> queue --wake--> RtspSession.pump --> RtpPacketizer --> MediaTransport --> client
 *                                        |  RtcpWriter (SR, SDES, BYE) --------^
 *                                        ^
 *   client --> RtspDecoder --> RtspConnection --> RequestHandler   (requests)
 *                      `-----> RtcpReader                          (receiver reports)
 * </pre>
 */
@NullMarked
package dev.nightfuse.rtsp;

import org.jspecify.annotations.NullMarked;
