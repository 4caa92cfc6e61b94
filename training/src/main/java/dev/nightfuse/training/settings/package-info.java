/**
 * Files of {@code configs/training} as plain data: asked key by key, with defaults and bounds at
 * the place that uses the value. What is wrong is collected and told at once, each with its line.
 */
@NullMarked
package dev.nightfuse.training.settings;

import org.jspecify.annotations.NullMarked;
