/**
 * Cameras that the Linux kernel knows: USB video, capture cards, loopback devices. What a device
 * offers is read from it, and the format with the most real bits is taken for infrared.
 */
@NullMarked
package dev.nightfuse.camera.v4l2;

import org.jspecify.annotations.NullMarked;
