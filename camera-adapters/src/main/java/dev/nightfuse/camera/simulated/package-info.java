/**
 * A rig that needs no hardware: a night drive rendered on the fly, seen by a visible and by a
 * thermal camera, with ground truth and with faults on request. Both cameras are pure functions of
 * seed and scene time, so they agree without talking to each other.
 *
 * <pre>
 *   scene time --> DriveClock --> Street + Traffic --> Stage (what stands where)
 *                                                        |  painters, far to near
 *                                  Canvas (levels, labels, chroma)
 *                                     |                       |
 *                              VisibleDeveloper       InfraredDeveloper
 *                                     |                       |
 *                                 I420 Frame             GRAY8 Frame
 * </pre>
 */
@NullMarked
package dev.nightfuse.camera.simulated;

import org.jspecify.annotations.NullMarked;
