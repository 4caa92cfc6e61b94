package dev.nightfuse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * One page of a {@link Chromium}, which shares nothing with its other pages. Collects everything
 * that it complains about.
 */
public final class ChromiumPage implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DevTools page;
  private final Runnable disposal;
  private final List<String> complaints = new ArrayList<>();

  ChromiumPage(URI address, Runnable disposal) throws Exception {
    this.disposal = disposal;
    page = new DevTools(address, this::event);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  public JsonNode call(String method, Map<String, ?> params) throws Exception {
    return page.call(method, params);
  }

  public void open(String url) throws Exception {
    leave("Page.navigate", Map.of("url", url));
  }

  public void reload() throws Exception {
    leave("Page.reload", Map.of());
  }

  private void leave(String method, Map<String, ?> params) throws Exception {
    evaluate("window.isPageBefore = true");
    call(method, params);
    await("the page", "!window.isPageBefore && document.readyState === 'complete'");
  }

  /**
   * Lets pages that are opened from now on wait a part of the time; their clocks stay as they are.
   */
  public void hurry(int times) throws Exception {
    String script =
        """
        const wait = setTimeout, abort = AbortSignal.timeout.bind(AbortSignal);
        window.setTimeout = (call, ms) => wait(call, ms / %1$d);
        AbortSignal.timeout = ms => abort(ms / %1$d);
        """;
    call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script.formatted(times)));
  }

  /** Value of an expression in the page; promises are awaited. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of(
                "expression", expression,
                "awaitPromise", true,
                "returnByValue", true,
                "userGesture", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression in the page is true. */
  public void await(String what, String expression) throws Exception {
    Await.until(what, DevTools.PATIENCE, () -> evaluate(expression).asBoolean());
  }

  public void click(String selector) throws Exception {
    evaluate("document.querySelector(" + JSON.writeValueAsString(selector) + ").click()");
  }

  /** Presses a key that writes a character. */
  public void key(String character) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              character,
              "text",
              type.equals("keyDown") ? character : "",
              "windowsVirtualKeyCode",
              (int) Character.toUpperCase(character.charAt(0))));
    }
  }

  /** Presses Escape as a person does: only that closes dialogs. */
  public void escape() throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", "Escape", "code", "Escape", "windowsVirtualKeyCode", 27));
    }
  }

  public void size(int widthPx, int heightPx, boolean phone) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", widthPx,
            "height", heightPx,
            "deviceScaleFactor", phone ? 2 : 1,
            "mobile", phone));
  }

  public void screenshot(Path file) throws Exception {
    JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
  }

  /** Errors and warnings of the console, uncaught exceptions, requests that failed. */
  public List<String> complaints() {
    synchronized (complaints) {
      return List.copyOf(complaints);
    }
  }

  private void event(String method, JsonNode params) {
    String complaint =
        switch (method) {
          case "Runtime.exceptionThrown" -> params.path("exceptionDetails").toString();
          case "Runtime.consoleAPICalled" ->
              params.path("type").asText().matches("error|warning|assert")
                  ? params.path("args").toString()
                  : "";
          case "Log.entryAdded" ->
              params.path("entry").path("level").asText().matches("error|warning")
                  ? params.path("entry").toString()
                  : "";
          case "Network.responseReceived" ->
              params.path("response").path("status").asInt() >= 400
                  ? params.path("response").path("url").asText()
                  : "";
          default -> "";
        };
    if (!complaint.isEmpty()) {
      synchronized (complaints) {
        complaints.add(method + " " + complaint);
      }
    }
  }

  @Override
  public void close() {
    page.close();
    disposal.run();
  }
}
