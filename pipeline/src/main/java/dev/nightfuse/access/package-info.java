/**
 * Who may look and who may steer, and the certificate that shows them whom they ask; shared by the
 * RTSP server and the dashboard.
 */
@NullMarked
package dev.nightfuse.access;

import org.jspecify.annotations.NullMarked;
