/** Tests of the dashboard: the API by table, video by WebSocket clients, the page in Chromium. */
@NullMarked
package dev.nightfuse.dashboard;

import org.jspecify.annotations.NullMarked;
