package dev.nightfuse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, driven over the DevTools protocol, with any number of pages. */
public final class Chromium implements AutoCloseable {

  private final Path profile;
  private final Process process;
  private final String port;
  private final DevTools browser;

  /** Skips the test where Chromium is not installed. */
  public Chromium() throws Exception {
    ExternalProcess.require("chromium");
    profile = Files.createTempDirectory("nightfuse-chromium");
    List<String> command = new ArrayList<>(List.of("chromium", "--headless=new"));
    command.addAll(
        List.of(
            ("--no-sandbox --disable-gpu --disable-quic --no-first-run --mute-audio"
                    + " --disable-background-networking --disable-component-update --disable-sync"
                    + " --remote-debugging-port=0 --hide-scrollbars")
                .split(" ", -1)));
    command.add("--user-data-dir=" + profile);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    try {
      List<String> address = address();
      port = address.get(0);
      browser = new DevTools(devTools(address.get(1)), (event, params) -> {});
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /** A new page, with cookies, passwords and storage of its own. */
  public ChromiumPage page(int widthPx, int heightPx) throws Exception {
    String context =
        browser.call("Target.createBrowserContext", Map.of()).path("browserContextId").asText();
    String target =
        browser
            .call(
                "Target.createTarget",
                Map.of(
                    "url", "about:blank",
                    "browserContextId", context,
                    "width", widthPx,
                    "height", heightPx))
            .path("targetId")
            .asText();
    return new ChromiumPage(devTools("/devtools/page/" + target), () -> dispose(context));
  }

  private void dispose(String context) {
    try {
      JsonNode unused =
          browser.call("Target.disposeBrowserContext", Map.of("browserContextId", context));
    } catch (Exception e) {
      throw new AssertionError("Chromium does not close its page", e);
    }
  }

  private URI devTools(String path) {
    return URI.create("ws://127.0.0.1:" + port + path);
  }

  /** Port and path of the browser, once it has said them. */
  private List<String> address() throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    return Await.value(
        "the port of Chromium",
        DevTools.PATIENCE,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                "Chromium ended: " + Files.readString(profile.resolve("chromium.log")));
          }
          List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
          return lines.size() < 2 ? null : lines;
        });
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    Object unused = process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle child : children) {
      unused = child.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
