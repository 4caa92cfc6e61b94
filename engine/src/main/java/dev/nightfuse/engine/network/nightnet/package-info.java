/**
 * NightNet, our own network: fuses luma with infrared and segments the scene, in real time on one
 * or two processor cores.
 *
 * <pre>
 * y, u, v --> blocks --> stem --+                     +--> 1/8 --> 1/16 --> 1/32
 *                               +--> attention --> 1/4                       |
 * infrared --> blocks --> stem -+                 |   +<-- 1/8 <-- 1/16 <----+
 *                                                 |   |
 *                                                 |   1/4 --> classes
 *                                                 +---+
 *                                                   |
 *              max, min of y and infrared  x  weights --> blocks --> fused
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.network.nightnet;

import org.jspecify.annotations.NullMarked;
