/**
 * Tests of the RTSP server: parsers by table and by seed, the server through real sockets, and real
 * players where the machine has them.
 */
@NullMarked
package dev.nightfuse.rtsp;

import org.jspecify.annotations.NullMarked;
