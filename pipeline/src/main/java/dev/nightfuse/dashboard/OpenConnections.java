package dev.nightfuse.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the connections and closes those beyond the limits. Lives on the event loop. */
final class OpenConnections {

  private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

  private final Vertx vertx;
  private final ConnectionLimits limits;
  private final IdentityHashMap<HttpConnection, Guest> guests = new IdentityHashMap<>();

  /** How many connections an address has; addresses with none are not in it. */
  private final Map<String, Integer> byAddress = new HashMap<>();

  /** Where a connection comes from, and the timer that closes it before its first request. */
  private record Guest(String address, long timer) {}

  OpenConnections(Vertx vertx, ConnectionLimits limits) {
    this.vertx = vertx;
    this.limits = limits;
  }

  /** A connection has come. */
  void opened(HttpConnection connection) {
    String address = connection.remoteAddress().hostAddress();
    if (guests.size() >= limits.total()
        || byAddress.getOrDefault(address, 0) >= limits.perAddress()) {
      LOG.debug("{}: closed, too many connections", address);
      connection.close();
      return;
    }
    byAddress.merge(address, 1, Integer::sum);
    long timer = vertx.setTimer(limits.firstRequestMs(), id -> connection.close());
    guests.put(connection, new Guest(address, timer));
    connection.closeHandler(v -> closed(connection));
  }

  /** A request has begun; when all of it has come, its connection may stay. */
  void requested(HttpServerRequest request) {
    Guest guest = guests.get(request.connection());
    if (guest != null) {
      request.end().onSuccess(v -> vertx.cancelTimer(guest.timer));
    }
  }

  /**
   * A connection is gone; no effect when that is known. Of one that has become a WebSocket Vert.x
   * says so to the WebSocket alone.
   */
  void closed(HttpConnection connection) {
    Guest guest = guests.remove(connection);
    if (guest != null) {
      vertx.cancelTimer(guest.timer);
      byAddress.computeIfPresent(guest.address, (a, n) -> n == 1 ? null : n - 1);
    }
  }
}
