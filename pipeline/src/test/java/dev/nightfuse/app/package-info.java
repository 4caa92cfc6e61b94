/**
 * Tests of the whole program: it runs in a JVM of its own, as the launcher starts it, and is judged
 * from outside by players, a browser, the shell and systemd's protocol.
 */
@NullMarked
package dev.nightfuse.app;

import org.jspecify.annotations.NullMarked;
