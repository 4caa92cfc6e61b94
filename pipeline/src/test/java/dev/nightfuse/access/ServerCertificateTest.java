package dev.nightfuse.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.HandClock;
import dev.nightfuse.testing.LogLines;
import dev.nightfuse.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken for a certificate and a key, and how they are renewed. */
final class ServerCertificateTest {

  @TempDir static Path made;
  private static TestCertificate first;
  private static TestCertificate second;
  private static TestCertificate rsa;

  @TempDir Path folder;
  private final HandClock clock = new HandClock();
  private final LogLines log = new LogLines(ServerCertificate.class.getName());

  @BeforeAll
  static void make() throws Exception {
    first = TestCertificate.make(made, "first");
    second = TestCertificate.make(made, "second");
    rsa = TestCertificate.make(made, "rsa", "-keyalg", "RSA", "-keysize", "2048");
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  private Path certificate() {
    return folder.resolve("cert.pem");
  }

  private Path key() {
    return folder.resolve("key.pem");
  }

  private ServerCertificate open(TestCertificate from) throws Exception {
    put(from.certificate(), from.key());
    // The wall clock of the test stands in the middle of the certificate's life.
    Instant middle = from.x509().getNotBefore().toInstant().plus(Duration.ofDays(100));
    clock.stepWall(Duration.between(wallNow(), middle));
    return new ServerCertificate(certificate(), key(), clock);
  }

  private Instant wallNow() {
    return Instant.ofEpochSecond(clock.wallNowNs() / 1_000_000_000L);
  }

  private void put(Path certificate, Path key) throws Exception {
    Files.writeString(certificate(), Files.readString(certificate));
    Files.writeString(key(), Files.readString(key));
  }

  private void nextCheck(ServerCertificate shown) {
    clock.advance(ServerCertificate.CHECKED_EVERY);
    shown.tick();
  }

  private static X509Certificate shownBy(ServerCertificate shown, String keyType) {
    X509ExtendedKeyManager keys = shown.keyManager();
    String alias = keys.chooseEngineServerAlias(keyType, null, null);
    assertNotNull(keys.getPrivateKey(alias));
    return keys.getCertificateChain(alias)[0];
  }

  @ParameterizedTest
  @CsvSource({"EC, secp384r1, EC", "Ed25519, '', EdDSA", "RSA, '', RSA"})
  void kind_ofKey_isTakenAndShownToThoseWhoTakeIt(String option, String group, String keyType)
      throws Exception {
    TestCertificate kind =
        option.equals("RSA")
            ? rsa
            : group.isEmpty()
                ? TestCertificate.make(folder, "kind", "-keyalg", option)
                : TestCertificate.make(folder, "kind", "-keyalg", option, "-groupname", group);
    ServerCertificate shown = open(kind);
    assertEquals(kind.x509(), shownBy(shown, keyType));
    assertNull(shown.keyManager().chooseEngineServerAlias("DSA", null, null));
  }

  private String refusal() {
    TlsException refused =
        assertThrows(TlsException.class, () -> ServerCertificate.check(certificate(), key()));
    return String.valueOf(refused.getMessage()).replace(folder.toString(), "DIR");
  }

  @Test
  void file_missingOrAFolder_isToldWithItsName() throws Exception {
    assertEquals("DIR/cert.pem: no such file", refusal());
    put(first.certificate(), first.key());
    Files.delete(key());
    assertEquals("DIR/key.pem: no such file", refusal());
    Files.createDirectory(key());
    assertEquals("DIR/key.pem: is a folder, allowed is a PEM file", refusal());
  }

  @Test
  void file_notWhatItShouldBe_isToldWithWhatWasFound() throws Exception {
    put(first.certificate(), first.key());
    Files.writeString(certificate(), "hello");
    assertEquals(
        "DIR/cert.pem: found no PEM, allowed is PEM with the server's certificate and, behind it,"
            + " those that vouch for it",
        refusal());
    put(first.key(), first.key());
    assertTrue(refusal().startsWith("DIR/cert.pem: found PRIVATE KEY, allowed is PEM"), refusal());
    put(first.certificate(), first.certificate());
    assertEquals(
        "DIR/key.pem: found CERTIFICATE, allowed is PEM with the certificate's PRIVATE KEY",
        refusal());
    put(first.certificate(), first.key());
    Files.writeString(
        certificate(), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    assertTrue(refusal().startsWith("DIR/cert.pem: certificate 1 is broken: "), refusal());
  }

  @Test
  void key_ofAnotherCertificate_isRefused() throws Exception {
    put(first.certificate(), second.key());
    assertEquals(
        "DIR/key.pem: not the key of the first certificate in DIR/cert.pem, which is that of"
            + " CN=first",
        refusal());
    put(rsa.certificate(), first.key());
    assertEquals("DIR/key.pem: broken, or no RSA key as the certificate has one", refusal());
  }

  @Test
  void key_inAnOldForm_isRefusedWithTheCommandThatConvertsIt() throws Exception {
    put(first.certificate(), first.key());
    String text = Files.readString(key());
    Files.writeString(key(), text.replace("PRIVATE KEY", "EC PRIVATE KEY"));
    assertEquals(
        "DIR/key.pem: found EC PRIVATE KEY, allowed is PRIVATE KEY (PKCS #8):"
            + " openssl pkey -in DIR/key.pem -out NEW",
        refusal());
    String locked =
        "DIR/key.pem: found a key with a password, which nobody is there to type; without one:"
            + " openssl pkey -in DIR/key.pem -out NEW";
    Files.writeString(key(), text.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
    assertEquals(locked, refusal());
    Files.writeString(
        key(),
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,00

        AA==
        -----END RSA PRIVATE KEY-----
        """);
    assertEquals(locked, refusal());
  }

  /** What lego, acme.sh and older openssl write, and the command of the message. */
  @ParameterizedTest
  @CsvSource({
    "openssl ecparam -genkey -name prime256v1 -out OLD, EC PRIVATE KEY",
    "openssl genrsa -traditional -out OLD 2048, RSA PRIVATE KEY"
  })
  void key_convertedAsTold_isTaken(String makes, String label) throws Exception {
    ExternalProcess.require("openssl");
    String old = folder.resolve("old.pem").toString();
    openssl(makes.replace("OLD", old));
    openssl(
        "openssl req -x509 -key %s -subj /CN=robot -days 9 -out %s".formatted(old, certificate()));
    Files.copy(Path.of(old), key());
    assertTrue(refusal().contains("found " + label), refusal());

    String told = refusal().substring(refusal().indexOf("openssl")).replace("DIR", "" + folder);
    Path converted = folder.resolve("new.pem");
    openssl(told.replace("NEW", converted.toString()));
    ServerCertificate.check(certificate(), converted);
  }

  private static void openssl(String command) throws Exception {
    ExternalProcess.Result result = ExternalProcess.run(command.split(" ", -1));
    assertEquals(0, result.exitCode(), result.toString());
  }

  @Test
  void oneFile_withChainAndKey_servesForBoth() throws Exception {
    Files.writeString(
        certificate(),
        Files.readString(first.key())
            + Files.readString(first.certificate())
            + Files.readString(rsa.certificate()));
    ServerCertificate shown = new ServerCertificate(certificate(), certificate(), clock);
    X509ExtendedKeyManager keys = shown.keyManager();
    assertArrayEquals(
        new X509Certificate[] {first.x509(), rsa.x509()},
        keys.getCertificateChain(keys.chooseEngineServerAlias("EC", null, null)));
  }

  @Test
  void files_replaced_areTakenUpWithinAMinute_andNotBefore() throws Exception {
    ServerCertificate shown = open(first);
    X509ExtendedKeyManager keys = shown.keyManager();
    String begun = keys.chooseEngineServerAlias("EC", null, null);
    put(second.certificate(), second.key());
    clock.advance(ServerCertificate.CHECKED_EVERY.minusSeconds(1));
    shown.tick();
    assertEquals(first.x509(), shownBy(shown, "EC"));
    clock.advance(Duration.ofSeconds(1));
    shown.tick();
    assertEquals(second.x509(), shownBy(shown, "EC"));
    assertEquals(1, log.count("INFO TLS with a new certificate, "), log.all().toString());

    // A handshake that had begun gets what it began with.
    assertEquals(first.x509(), keys.getCertificateChain(begun)[0]);
    assertEquals("EC", keys.getPrivateKey(begun).getAlgorithm());

    put(rsa.certificate(), rsa.key());
    nextCheck(shown);
    nextCheck(shown);
    assertEquals(2, log.count("INFO TLS with a new certificate, "), "each once");
    assertEquals(rsa.x509(), shownBy(shown, "RSA"));
    assertEquals(rsa.x509().getNotAfter().toInstant().getEpochSecond(), shown.endsWallS());
  }

  @Test
  void links_swapped_areTakenUp() throws Exception {
    link(first);
    ServerCertificate shown = new ServerCertificate(certificate(), key(), clock);
    Files.delete(certificate());
    Files.delete(key());
    link(second);
    nextCheck(shown);
    assertEquals(second.x509(), shownBy(shown, "EC"));
  }

  private void link(TestCertificate to) throws Exception {
    for (Path[] pair : new Path[][] {{certificate(), to.certificate()}, {key(), to.key()}}) {
      Path target = folder.resolve(pair[1].getFileName());
      Files.copy(pair[1], target);
      Files.createSymbolicLink(pair[0], target);
    }
  }

  @Test
  void renewal_thatIsBroken_keepsTheOldOne_andSaysSoOnce() throws Exception {
    ServerCertificate shown = open(first);
    put(second.certificate(), first.key());
    nextCheck(shown);
    nextCheck(shown);
    assertEquals(first.x509(), shownBy(shown, "EC"));
    assertEquals(1, log.count("WARN TLS goes on with the certificate it has: "));
    assertEquals(1, log.count("not the key of the first certificate"));
    Files.delete(certificate());
    nextCheck(shown);
    nextCheck(shown);
    assertEquals(1, log.count("cert.pem: no such file"), log.all().toString());

    // The other half of a renewal comes a minute later.
    put(second.certificate(), second.key());
    nextCheck(shown);
    assertEquals(second.x509(), shownBy(shown, "EC"));
  }

  @Test
  void certificate_nearItsEndAndBeyond_isShown_withAWarningEachDay() throws Exception {
    ServerCertificate shown = open(first);
    assertEquals(0, log.count("WARN"), log.all().toString());
    Instant end = first.x509().getNotAfter().toInstant();
    clock.stepWall(Duration.between(wallNow(), end.minus(Duration.ofDays(13))));
    for (int minute = 0; minute < 3; minute++) {
      nextCheck(shown);
    }
    assertEquals(1, log.count("expires at " + end + ", in 12 days"), log.all().toString());
    clock.advance(Duration.ofDays(1));
    shown.tick();
    assertEquals(1, log.count("in 11 days"), log.all().toString());
    clock.advance(Duration.ofDays(20));
    shown.tick();
    assertEquals(1, log.count("has EXPIRED at " + end), log.all().toString());
    assertEquals(first.x509(), shownBy(shown, "EC"));

    ServerCertificate restarted = new ServerCertificate(certificate(), key(), clock);
    assertEquals(2, log.count("has EXPIRED at " + end), "at start as well");
    assertEquals(first.x509(), shownBy(restarted, "EC"));
  }

  @Test
  void clock_thatBeginsIn1970_isNoReasonNotToStart() throws Exception {
    put(first.certificate(), first.key());
    clock.stepWall(Duration.ofNanos(-clock.wallNowNs()));
    ServerCertificate shown = new ServerCertificate(certificate(), key(), clock);
    assertEquals(first.x509(), shownBy(shown, "EC"));
    assertEquals(List.of(1L), List.of(log.count("and the clock says 1970-01-01")));
  }
}
