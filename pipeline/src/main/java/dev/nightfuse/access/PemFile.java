package dev.nightfuse.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Certificates and keys as text (RFC 7468). Takes what the JDK reads: X.509, and keys in PKCS #8
 * without a password. Any thread.
 *
 * @param path where it lies, for messages
 * @param text all of it
 */
public record PemFile(Path path, String text) {

  private static final int MAX_SIZE_BYTES = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /**
   * Reads a file, whatever is in it.
   *
   * @throws TlsException where there is none, or none that may be read
   */
  public static PemFile read(Path path) throws TlsException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_SIZE_BYTES);
      return new PemFile(path, new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      String problem =
          !Files.exists(path)
              ? "no such file"
              : Files.isDirectory(path)
                  ? "is a folder, allowed is a PEM file"
                  : Files.isReadable(path) ? "cannot be read" : "no permission to read it";
      throw new TlsException(path, problem);
    }
  }

  /**
   * All certificates in the file's order, at least one.
   *
   * @throws TlsException where there is none, or one that is broken
   */
  public List<X509Certificate> certificates() throws TlsException {
    List<X509Certificate> found = new ArrayList<>();
    for (MatchResult block : blocks()) {
      if (block.group(1).equals("CERTIFICATE")) {
        try {
          CertificateFactory factory = CertificateFactory.getInstance("X.509");
          InputStream der = new ByteArrayInputStream(content(block));
          found.add((X509Certificate) factory.generateCertificate(der));
        } catch (CertificateException | IllegalArgumentException e) {
          throw new TlsException(
              path, "certificate %d is broken: %s".formatted(found.size() + 1, e.getMessage()));
        }
      }
    }
    if (found.isEmpty()) {
      throw new TlsException(
          path,
          "found %s, allowed is PEM with the server's certificate and, behind it, those that vouch for it"
              .formatted(labels()));
    }
    return List.copyOf(found);
  }

  /**
   * The private key.
   *
   * @param algorithm that of the certificate's public key
   * @throws TlsException where there is none of this kind in PKCS #8
   */
  PrivateKey key(String algorithm) throws TlsException {
    for (MatchResult block : blocks()) {
      String label = block.group(1);
      if (!label.endsWith("PRIVATE KEY")) {
        continue;
      }
      String converts = "openssl pkey -in %s -out NEW".formatted(path);
      if (label.startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
        throw new TlsException(
            path,
            "found a key with a password, which nobody is there to type; without one: " + converts);
      }
      if (!label.equals("PRIVATE KEY")) {
        throw new TlsException(
            path, "found %s, allowed is PRIVATE KEY (PKCS #8): %s".formatted(label, converts));
      }
      try {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(content(block)));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new TlsException(
            path, "broken, or no %s key as the certificate has one".formatted(algorithm));
      }
    }
    throw new TlsException(
        path, "found %s, allowed is PEM with the certificate's PRIVATE KEY".formatted(labels()));
  }

  private List<MatchResult> blocks() {
    return BLOCK.matcher(text).results().toList();
  }

  private static byte[] content(MatchResult block) {
    return Base64.getMimeDecoder().decode(block.group(2));
  }

  private String labels() {
    List<String> labels = blocks().stream().map(block -> block.group(1)).distinct().toList();
    return labels.isEmpty() ? "no PEM" : String.join(", ", labels);
  }

  /** Without the text, which may be a key. */
  @Override
  public String toString() {
    return path.toString();
  }
}
