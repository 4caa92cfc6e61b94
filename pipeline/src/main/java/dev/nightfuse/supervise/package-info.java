/** Keeping things alive: cameras that vanish and come back, and what systemd is told about it. */
@NullMarked
package dev.nightfuse.supervise;

import org.jspecify.annotations.NullMarked;
