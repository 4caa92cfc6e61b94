/**
 * What the program knows about itself: stage counters and latency histograms, the status answer,
 * Prometheus metrics. Stages report into {@link dev.nightfuse.telemetry.StageMetrics}; nothing here
 * calls a stage.
 */
@NullMarked
package dev.nightfuse.telemetry;

import org.jspecify.annotations.NullMarked;
