/**
 * The command line and the wiring. {@link dev.nightfuse.app.NightfuseMain} reads the command, one
 * class builds everything from the configuration by constructors, and nothing else in the program
 * knows how the parts are joined.
 *
 * <pre>
 *  cameras --> supervisors --> rig loop (sync, register, fuse) --> view workers (draw, encode) --> hubs --> outputs
 * </pre>
 */
@NullMarked
package dev.nightfuse.app;

import org.jspecify.annotations.NullMarked;
