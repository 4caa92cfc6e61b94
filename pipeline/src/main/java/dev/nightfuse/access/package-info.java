/** Who may look and who may steer; shared by the RTSP server and the dashboard. */
@NullMarked
package dev.nightfuse.access;

import org.jspecify.annotations.NullMarked;
