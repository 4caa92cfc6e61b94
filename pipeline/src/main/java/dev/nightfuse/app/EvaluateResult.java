package dev.nightfuse.app;

import dev.nightfuse.engine.quality.BoxTally;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.engine.quality.QualityScores;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one pair gave.
 *
 * @param pair its name
 * @param correlationCeiling the CC that no fusion of it can exceed
 * @param methods in the order of the tables
 * @param labelBoxes what boxes made from each label set would find: the yardstick for models; null
 *     where the pair has no such labels or no boxes
 * @param pictures captions and JPEG files for the report; empty for most pairs
 */
record EvaluateResult(
    String pair,
    double correlationCeiling,
    List<Method> methods,
    List<@Nullable Map<Integer, BoxTally>> labelBoxes,
    Map<String, byte[]> pictures) {

  /**
   * What one method made of the pair.
   *
   * @param agreements one per label set; null where the pair has no labels or the method none
   * @param boxes tally by class; null without boxes or without segmentation
   */
  record Method(
      QualityScores scores,
      List<@Nullable LabelAgreement> agreements,
      @Nullable Map<Integer, BoxTally> boxes) {}
}
