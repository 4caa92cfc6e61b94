package dev.nightfuse.camera;

/** Who sets the pace of a source that could deliver faster than life. */
public enum Pacing {
  /** Frames come at their own times; a consumer that is late loses frames. */
  LIVE,
  /** As fast as the consumer takes them; nothing is lost, the source waits. */
  AS_TAKEN
}
