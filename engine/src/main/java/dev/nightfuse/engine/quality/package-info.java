/**
 * How good a fused picture and its labels are: the ten metrics of the field, class overlap and box
 * recall. Pictures are 8-bit grey planes on the Java heap; this is off the live path.
 *
 * <pre>
 * infrared, visible --> PairQuality --+--> QualityScores (one per fused picture)
 * fused picture ----------------------+
 * label map --> LabelAgreement (against a label map), Components --> BoxTally (against boxes)
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.quality;

import org.jspecify.annotations.NullMarked;
