/**
 * The pictures a viewer sees, drawn from fused frames: false colours, class tints, panels, and a
 * status line when something is less than it should be.
 *
 * <pre>
 *   FusedFrame --&gt; ViewRenderer (one per view) --&gt; I420 frame --&gt; encoder
 *                       ^
 *   OverlayControl -----+  settings, changed while it runs
 * </pre>
 */
@NullMarked
package dev.nightfuse.overlay;

import org.jspecify.annotations.NullMarked;
