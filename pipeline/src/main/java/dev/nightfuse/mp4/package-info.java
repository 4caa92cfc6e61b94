/**
 * Fragmented MP4 for H.264: what the browser's Media Source plays and what the recorder writes.
 * Everything here is a pure function of access units; nothing knows a socket or a thread.
 *
 * <pre>
 *   StreamInfo  --> ftyp moov(mvex)          once
 *   AccessUnits --> [prft] moof mdat         per fragment, Annex B turned into length prefixes
 *   torn file   --> end of its last whole fragment
 * </pre>
 */
@NullMarked
package dev.nightfuse.mp4;

import org.jspecify.annotations.NullMarked;
