/**
 * Small published networks to compare with: SeAFusion fuses, MFNet segments. Keys are those of the
 * authors' checkpoints, which are never shipped.
 */
@NullMarked
package dev.nightfuse.engine.network.peers;

import org.jspecify.annotations.NullMarked;
