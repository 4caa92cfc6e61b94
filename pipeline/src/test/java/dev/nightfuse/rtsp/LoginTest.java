package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Passwords;
import dev.nightfuse.rtsp.RtspTestClient.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section H of the cases: who is let in. */
@ExtendWith(NettyLeaks.class)
final class LoginTest {

  private static final String OPERATOR = "steering-wheel";

  private TestServer server;
  private RtspTestClient client;

  @BeforeEach
  void connect() throws IOException {
    server = new TestServer(new Passwords(OPERATOR, "window-seat"));
    client = server.connect();
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    server.close();
  }

  private static String hash(String algorithm, String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String nonce(Response challenge) {
    assertEquals(401, challenge.status());
    Matcher nonce =
        Pattern.compile("nonce=\"([^\"]+)\"").matcher(challenge.header("WWW-Authenticate"));
    assertTrue(nonce.find());
    return nonce.group(1);
  }

  /** As RFC 2617 section 3.2.2.1 has it for clients from before {@code qop}. */
  private static String login(
      String user, String password, String nonce, String method, String uri) {
    String who = hash("MD5", user + ":Nightfuse:" + password);
    String response = hash("MD5", who + ":" + nonce + ":" + hash("MD5", method + ":" + uri));
    return "Authorization: Digest username=\"%s\", realm=\"Nightfuse\", nonce=\"%s\", uri=\"%s\", response=\"%s\""
        .formatted(user, nonce, uri, response);
  }

  private Response describe(RtspTestClient from, String user, String password, String nonce)
      throws IOException {
    return from.request(
        "DESCRIBE", server.url(), login(user, password, nonce, "DESCRIBE", server.url()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER"})
  void stranger_asksForAnything_isAskedWhoHeIs(String method) throws IOException {
    Response asked = client.request(method, server.url());
    assertEquals(401, asked.status());
    String challenge = asked.header("WWW-Authenticate");
    assertTrue(challenge.startsWith("Digest realm=\"Nightfuse\", nonce=\""), challenge);
    assertTrue(challenge.endsWith("algorithm=MD5"), "the last is for every player: " + challenge);
  }

  @Test
  void stranger_asksForOptions_isTold() throws IOException {
    assertEquals(200, client.request("OPTIONS", server.url()).status());
  }

  @Test
  void stranger_asksForWhatIsNotThere_learnsNothing() throws IOException {
    assertEquals(401, client.request("DESCRIBE", "rtsp://h/no/such").status());
  }

  @ParameterizedTest
  @CsvSource({"operator,steering-wheel", "viewer,window-seat"})
  void rightPassword_letsInTheConnection(String user, String password) throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    assertEquals(200, describe(client, user, password, nonce).status());
    assertNotNull(server.play(client), "asked once");
    try (RtspTestClient other = server.connect()) {
      assertEquals(401, other.request("DESCRIBE", server.url()).status());
      assertEquals(200, describe(other, user, password, nonce).status(), "the nonce is good there");
    }
  }

  @Test
  void sha256WithQop_isUnderstood() throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    String who = hash("SHA-256", "operator:Nightfuse:" + OPERATOR);
    String what = hash("SHA-256", "DESCRIBE:" + server.url());
    String response = hash("SHA-256", who + ":" + nonce + ":00000001:abc:auth:" + what);
    String header =
        "Authorization: Digest username=operator,realm=\"Nightfuse\",nonce=\"%s\",uri=\"%s\",algorithm=SHA-256,nc=00000001,cnonce=\"abc\",qop=auth,response=\"%s\""
            .formatted(nonce, server.url(), response);
    assertEquals(200, client.request("DESCRIBE", server.url(), header).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/demo/fused", "/demo/fused/", "rtsp://other:1/demo/fused"})
  void addressSignedInAnotherWay_isTheSame(String signed) throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    String header = login("operator", OPERATOR, nonce, "DESCRIBE", signed);
    assertEquals(200, client.request("DESCRIBE", server.url(), header).status());
  }

  @Test
  void loginForAnotherStreamOrMethod_isNone() throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    String visible = server.url().replace("fused", "visible");
    String header = login("operator", OPERATOR, nonce, "DESCRIBE", visible);
    assertEquals(401, client.request("DESCRIBE", server.url(), header).status());
    header = login("operator", OPERATOR, nonce, "SETUP", server.url());
    assertEquals(401, client.request("DESCRIBE", server.url(), header).status());
  }

  @ParameterizedTest
  @CsvSource({"operator,window-seat", "operator,''", "viewer,steering-wheel", "root,''", "'',''"})
  void wrongUserOrPassword_isAskedAgain(String user, String password) throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    Response refused = describe(client, user, password, nonce);
    assertEquals(401, refused.status());
    assertFalse(refused.header("WWW-Authenticate").contains("stale"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Basic b3BlcmF0b3I6c3RlZXJpbmctd2hlZWw=",
        "Authorization: Digest",
        "Authorization: Digest username=\"operator",
        "Authorization: Digest realm=\"Nightfuse\"",
        "Authorization: Digest realm=\"Nightfuse\", username=\"operator\", nonce=\"fffffffffffffffffffff-0\"",
        "Authorization: Digest realm=\"Nightfuse\", username=\"operator\", algorithm=MD4",
        "Authorization: Digest realm=\"another\", username=\"operator\""
      })
  void headerThatIsNoLogin_isAskedAgain(String header) throws IOException {
    assertEquals(401, client.request("DESCRIBE", server.url(), header).status());
  }

  @Test
  void headerOfStrangeSigns_isAskedAgain() throws IOException {
    String much = "\\\"a=\\".repeat(1_000);
    assertEquals(
        401,
        client
            .request("DESCRIBE", server.url(), "Authorization: Digest realm=\"Nightfuse" + much)
            .status());
  }

  @Test
  void nonceTooOld_isStale_andTheNewOneWorks() throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    server.clock.advance(Duration.ofMinutes(5));
    try (RtspTestClient late = server.connect()) {
      assertEquals(200, describe(late, "operator", OPERATOR, nonce).status());
    }
    server.clock.advanceMs(1);
    try (RtspTestClient later = server.connect()) {
      Response stale = describe(later, "operator", OPERATOR, nonce);
      assertTrue(stale.header("WWW-Authenticate").endsWith("stale=true"), stale.toString());
      assertEquals(200, describe(later, "operator", OPERATOR, nonce(stale)).status());
    }
  }

  @Test
  void nonceOfAnotherStart_isStale() throws IOException {
    try (TestServer before = new TestServer(new Passwords(OPERATOR, ""));
        RtspTestClient there = before.connect()) {
      String nonce = nonce(there.request("DESCRIBE", before.url()));
      Response stale = describe(client, "operator", OPERATOR, nonce);
      assertTrue(stale.header("WWW-Authenticate").endsWith("stale=true"), stale.toString());
    }
  }

  @Test
  void tenWrongPasswords_shutTheAddressOut_forAMinute() throws IOException {
    String nonce = nonce(client.request("DESCRIBE", server.url()));
    for (int i = 0; i < 10; i++) {
      assertEquals(401, describe(client, "operator", "guess" + i, nonce).status());
    }
    assertEquals(403, describe(client, "operator", OPERATOR, nonce).status());
    server.clock.advance(Duration.ofSeconds(61));
    try (RtspTestClient later = server.connect()) {
      assertEquals(200, describe(later, "operator", OPERATOR, nonce).status());
    }
  }
}
