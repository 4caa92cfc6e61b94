/**
 * The camera port: a {@link dev.nightfuse.camera.CameraSource} delivers frames to a {@link
 * dev.nightfuse.camera.FrameSink}; adapters are chosen by URI scheme.
 */
@NullMarked
package dev.nightfuse.camera;

import org.jspecify.annotations.NullMarked;
