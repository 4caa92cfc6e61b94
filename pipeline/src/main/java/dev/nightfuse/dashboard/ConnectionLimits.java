package dev.nightfuse.dashboard;

/**
 * How many connections the dashboard holds, so that no stranger can fill the memory with requests
 * that he never finishes.
 *
 * @param total connections at a time; further ones are closed at once
 * @param perAddress connections at a time from one IP address; further ones are closed at once
 * @param firstRequestMs a connection whose first request is not here by then is closed
 * @param idleMs a connection on which nothing moves for this long is closed
 */
record ConnectionLimits(int total, int perAddress, int firstRequestMs, int idleMs) {

  /**
   * A page holds two WebSockets and up to six connections for files. A proxy brings all pages from
   * one address, with two WebSockets for each of 64 viewers.
   */
  static final ConnectionLimits USUAL = new ConnectionLimits(512, 256, 10_000, 60_000);
}
