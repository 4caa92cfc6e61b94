/**
 * The papers' recipes: which network parts learn in which stage, under which losses. A stage turns
 * one batch into one number to minimise; the loop around it does not know networks.
 */
@NullMarked
package dev.nightfuse.training.stage;

import org.jspecify.annotations.NullMarked;
