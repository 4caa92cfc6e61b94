/** The launcher script at the root, run against a pretended machine: no package is installed. */
@NullMarked
package dev.nightfuse.launcher;

import org.jspecify.annotations.NullMarked;
