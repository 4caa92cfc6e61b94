package dev.nightfuse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A connection of the DevTools protocol, to a browser or to one of its pages. */
final class DevTools implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebSocket socket;
  private final BiConsumer<String, JsonNode> events;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();

  /** {@code events} gets name and parameters of each event, in a thread of the connection. */
  DevTools(URI address, BiConsumer<String, JsonNode> events) throws Exception {
    this.events = events;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Receiver())
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  JsonNode call(String method, Map<String, ?> params) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    calls.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", JSON.valueToTree(params));
    socket.sendText(request.toString(), true).get(10, TimeUnit.SECONDS);
    JsonNode reply = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (reply.has("error")) {
      throw new AssertionError(method + ": " + reply.path("error"));
    }
    return reply.path("result");
  }

  private final class Receiver implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          received(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new AssertionError("DevTools sent no JSON", e);
        } finally {
          text.setLength(0);
        }
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void received(JsonNode message) {
      CompletableFuture<JsonNode> call = calls.remove(message.path("id").asInt(-1));
      if (call != null) {
        call.complete(message);
      } else {
        events.accept(message.path("method").asText(), message.path("params"));
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
