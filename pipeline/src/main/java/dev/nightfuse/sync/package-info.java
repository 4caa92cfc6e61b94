/**
 * Which infrared frame belongs to which visible frame: a pure matcher over arrivals and an injected
 * clock.
 */
@NullMarked
package dev.nightfuse.sync;

import org.jspecify.annotations.NullMarked;
