package dev.nightfuse.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.PemFile;
import dev.nightfuse.access.TlsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nightfuse record}: starts and stops the recorder of a program that runs, and lists its
 * recordings, through its API.
 */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    description = {
      "Starts or stops the recording of a running Nightfuse, tells how it is, or lists what was",
      "recorded."
    },
    footer = {
      "",
      "  nightfuse record start",
      "  nightfuse record stop --rig front --url http://robot:8080",
      "  nightfuse record list",
      "  nightfuse record start --url https://robot:8080 --certificate robot.pem",
      "",
      "Where the dashboard asks for a password, that of the operator is taken from the environment",
      "variable " + RecordCommand.PASSWORD + "."
    })
final class RecordCommand implements Callable<Integer> {

  /** What is asked for. */
  enum Action {
    START,
    STOP,
    STATUS,
    LIST
  }

  static final String PASSWORD = "NIGHTFUSE_PASSWORD";

  private static final int UNAUTHORIZED = 401;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Of each recording in a list the file is opened, on a slow card perhaps. */
  private static final Duration LIST_PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "start|stop|status|list", description = "What to do.")
  private Action action;

  @Option(names = "--rig", paramLabel = "NAME", description = "The rig. Default: every rig.")
  private @Nullable String rig;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:8080",
      description = "Address of its dashboard. Default: ${DEFAULT-VALUE}.")
  private URI url;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = {
        "The certificate to trust at an https address, or that of who signed it (PEM).",
        "Default: whom Java trusts."
      })
  private @Nullable Path certificate;

  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public Integer call() throws Exception {
    if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "--url is \"%s\"; allowed: http://HOST:PORT or https://HOST:PORT".formatted(url));
    }
    HttpClient client = client();
    List<String> asked = rigs(client);
    if (action == Action.LIST) {
      for (String name : asked) {
        list(client, name);
      }
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    }
    for (String name : asked) {
      if (action != Action.STATUS) {
        String body =
            mapper.writeValueAsString(Map.of("action", action == Action.START ? "start" : "stop"));
        send(
            client,
            request("/api/v1/rigs/" + name + "/recording")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
      }
    }
    boolean failed = false;
    for (JsonNode found : status(client)) {
      JsonNode recording = found.path("recording");
      boolean active = recording.path("active").asBoolean();
      String text =
          active
              ? "records %s to %s, %d bytes"
                  .formatted(
                      recording.path("view").asText(),
                      recording.path("file").asText(),
                      recording.path("bytes").asLong())
              : "does not record";
      String error = recording.path("error").asText();
      failed |= asked.contains(found.path("name").asText()) && (!active || !error.isEmpty());
      spec.commandLine()
          .getOut()
          .printf(
              "%s %s%s%n", found.path("name").asText(), text, error.isEmpty() ? "" : ": " + error);
    }
    spec.commandLine().getOut().flush();
    return action == Action.START && failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private HttpClient client() throws TlsException, GeneralSecurityException, IOException {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
    if (certificate != null) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (X509Certificate one : PemFile.read(certificate).certificates()) {
        trusted.setCertificateEntry(String.valueOf(trusted.size()), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      builder.sslContext(tls);
    }
    return builder.build();
  }

  /** All recordings of a rig, newest first, and what they come to. */
  private void list(HttpClient client, String name)
      throws UserErrorException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String before = "";
    JsonNode page;
    do {
      String path = "/api/v1/rigs/%s/recordings?limit=100&before=%s".formatted(name, before);
      page = json(send(client, request(path).timeout(LIST_PATIENCE).GET()));
      for (JsonNode recording : page.path("recordings")) {
        before = recording.path("name").asText();
        JsonNode durationMs = recording.path("durationMs");
        out.printf(
            Locale.ROOT,
            "%s %s %8s %9.1f MB%s%n",
            name,
            before,
            durationMs.isNumber()
                ? String.format(Locale.ROOT, "%.1f s", durationMs.asLong() / 1e3)
                : "-",
            recording.path("bytes").asLong() / 1e6,
            recording.path("active").asBoolean()
                ? "  being recorded"
                : recording.path("kept").asBoolean() ? "  kept" : "");
      }
    } while (page.path("older").asBoolean());
    out.printf(
        Locale.ROOT,
        "%s: %d files, %.1f MB; %.1f MB free%n",
        name,
        page.path("files").asLong(),
        page.path("bytes").asLong() / 1e6,
        page.path("freeBytes").asLong() / 1e6);
  }

  private List<String> rigs(HttpClient client) throws UserErrorException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (JsonNode found : status(client)) {
      names.add(found.path("name").asText());
    }
    if (rig == null) {
      return names;
    }
    if (!names.contains(rig)) {
      throw new UserErrorException(
          ExitCode.USAGE,
          "rig \"%s\" is not there; %s has: %s".formatted(rig, url, String.join(", ", names)));
    }
    return List.of(rig);
  }

  private JsonNode status(HttpClient client) throws UserErrorException, InterruptedException {
    return json(send(client, request("/api/v1/status").GET())).path("rigs");
  }

  private JsonNode json(String text) throws UserErrorException {
    try {
      return mapper.readTree(text);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.UNAVAILABLE, "%s does not answer like Nightfuse".formatted(url));
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE);
    String password = System.getenv(PASSWORD);
    if (password != null) {
      byte[] login = (Passwords.OPERATOR + ":" + password).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
    }
    return request;
  }

  private String send(HttpClient client, HttpRequest.Builder request)
      throws UserErrorException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (SSLException e) {
      throw new UserErrorException(
          ExitCode.UNAVAILABLE,
          "%s: no TLS with it (%s); --certificate FILE trusts the certificate in FILE"
              .formatted(url, e.getMessage()));
    } catch (IOException e) {
      boolean perhapsTls = "http".equals(url.getScheme()) && !(e instanceof ConnectException);
      throw new UserErrorException(
          ExitCode.UNAVAILABLE,
          "no Nightfuse answers at %s (%s)%s"
              .formatted(
                  url, e.getMessage(), perhapsTls ? "; with server.tls it is https://" : ""));
    }
    if (response.statusCode() == UNAUTHORIZED) {
      throw new UserErrorException(
          ExitCode.FAILED,
          "%s asks for the operator's password: %s in the environment %s"
              .formatted(
                  url, PASSWORD, System.getenv(PASSWORD) == null ? "is not set" : "is another"));
    }
    if (response.statusCode() >= 300) {
      throw new UserErrorException(
          ExitCode.FAILED, "%s: %s".formatted(url, reason(response.body())));
    }
    return response.body();
  }

  /** The sentence in an error's body, or all of it where there is none. */
  private String reason(String body) {
    try {
      return mapper.readTree(body).path("error").path("message").asText(body);
    } catch (IOException e) {
      return body;
    }
  }
}
