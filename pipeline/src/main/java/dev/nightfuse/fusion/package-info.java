/** From a matched pair to one fused frame: the only place that knows both frames and engines. */
@NullMarked
package dev.nightfuse.fusion;

import org.jspecify.annotations.NullMarked;
