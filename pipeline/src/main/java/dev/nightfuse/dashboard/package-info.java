/**
 * The live page, the control API and video over WebSocket. One event loop owns every connection;
 * what may block (status, metrics, controls) runs on one worker thread, what waits for the disk
 * (recordings) on others.
 *
 * <pre>
 *   VideoStream --wakeUp--&gt; [event loop] VideoSocket --init, fragments--&gt; browser (Media Source)
 *   StatusSnapshot --------&gt; [worker]    StatusBoard --JSON-------------&gt; browser, curl, probes
 *   DashboardControls &lt;----- [worker]    ControlApi  &lt;--PUT, POST------- browser, curl
 *   DashboardRecordings ---&gt; [disk]      RecordingsApi, Download -------&gt; browser, curl
 * </pre>
 */
@NullMarked
package dev.nightfuse.dashboard;

import org.jspecify.annotations.NullMarked;
