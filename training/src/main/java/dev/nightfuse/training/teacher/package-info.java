/**
 * Published networks as teachers: their answers about a data set, computed once and kept in a
 * folder as pictures, and the label maps that are made of them and of boxes drawn by people.
 *
 * <pre>
 * PairDataset --> MfNetTeacher, SeaFusionTeacher --> folder of PNG --> soft labels, fused pictures
 *                                                        |
 *                              boxes by people -----> LabelRefiner --> label maps
 * </pre>
 */
@NullMarked
package dev.nightfuse.training.teacher;

import org.jspecify.annotations.NullMarked;
