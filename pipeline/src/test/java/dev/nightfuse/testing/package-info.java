/**
 * Tools that the tests of every package share: waiting, time by hand, other programs, a browser,
 * and samples of H.264. One of each; a test package adds only what no other can use.
 */
@NullMarked
package dev.nightfuse.testing;

import org.jspecify.annotations.NullMarked;
