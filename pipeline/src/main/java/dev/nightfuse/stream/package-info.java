/**
 * Where the encoder meets the outputs: one hub per view, one bounded queue per viewer. Outputs
 * never see each other.
 */
@NullMarked
package dev.nightfuse.stream;

import org.jspecify.annotations.NullMarked;
