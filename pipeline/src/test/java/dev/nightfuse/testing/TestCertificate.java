package dev.nightfuse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of this machine that nobody else has signed, made by the JDK's keytool for one
 * test, and its key.
 *
 * @param certificate PEM file
 * @param key PEM file
 */
public record TestCertificate(Path certificate, Path key, X509Certificate x509) {

  private static final char[] PASSWORD = "only-for-a-test".toCharArray();
  private static final AtomicInteger MADE = new AtomicInteger();

  /**
   * @param name common name
   * @param options more options of keytool, which come last and win
   */
  public static TestCertificate make(Path folder, String name, String... options) throws Exception {
    Path store = folder.resolve("store-" + MADE.incrementAndGet() + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD),
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1"));
    List<String> more = List.of(options);
    if (!more.contains("-keyalg")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    }
    if (!more.contains("-validity")) {
      command.addAll(List.of("-validity", "365"));
    }
    command.addAll(more);
    ExternalProcess.Result made = ExternalProcess.run(command.toArray(String[]::new));
    assertEquals(0, made.exitCode(), made.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    X509Certificate x509 = (X509Certificate) keys.getCertificate("test");
    return new TestCertificate(
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", x509.getEncoded())),
        Files.writeString(
            folder.resolve(name + "-key.pem"),
            pem("PRIVATE KEY", keys.getKey("test", PASSWORD).getEncoded())),
        x509);
  }

  private static String pem(String label, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label);
  }

  /** Puts this one where another is, as a renewal does. */
  public void replace(TestCertificate other) {
    try {
      Files.copy(certificate, other.certificate, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(key, other.key, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client that trusts these and nobody else. */
  public static SSLContext trusting(TestCertificate... certificates) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (TestCertificate one : certificates) {
      trusted.setCertificateEntry(one.certificate.toString(), one.x509);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return tls;
  }
}
