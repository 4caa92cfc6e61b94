package dev.nightfuse.access;

import dev.nightfuse.frame.FrameClock;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that both servers show, and its key. When the files change, connections that come
 * from then on get the new one, and those that are there go on; a new one that cannot be used is
 * not taken. One that has expired is shown all the same, with a warning: a machine without a clock
 * of its own starts in 1970, and pictures that a browser warns of are better than none.
 *
 * <p>One thread calls {@link #tick}; everything else is safe for every thread. Clock: the files are
 * looked at by monotonic time, validity is judged by wall time.
 */
public final class ServerCertificate {

  /** Versions of TLS that are spoken; ciphers are the JDK's. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  static final Duration CHECKED_EVERY = Duration.ofMinutes(1);
  static final Duration WARNED_BEFORE = Duration.ofDays(14);

  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  /** How a key of each kind proves that it belongs to a certificate. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  /** The two files as they were read. */
  private record Files(PemFile certificate, PemFile key) {}

  private record Pair(String alias, PrivateKey key, List<X509Certificate> chain) {}

  private final FrameClock clock;
  private final Path certificateFile;
  private final Path keyFile;
  private volatile Pair current;

  /** That of handshakes which had begun when the present one came. */
  private volatile @Nullable Pair before;

  private Files seen;
  private String complaint = "";
  private long checkedNs;
  private long warnedDay = Long.MIN_VALUE;

  /**
   * Reads both files.
   *
   * @param certificateFile PEM: the server's certificate, behind it those that vouch for it
   * @param keyFile PEM: its private key
   * @throws TlsException where they cannot be used
   */
  public ServerCertificate(Path certificateFile, Path keyFile, FrameClock clock)
      throws TlsException {
    this.clock = clock;
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.seen = read(certificateFile, keyFile);
    this.current = pair(seen, "1");
    this.checkedNs = clock.nowNs();
    LOG.info("TLS with {}", description());
    warnOfItsEnd();
  }

  /**
   * Whether a server could use them, as far as it can be told without its time.
   *
   * @throws TlsException where it could not
   */
  public static void check(Path certificateFile, Path keyFile) throws TlsException {
    pair(read(certificateFile, keyFile), "");
  }

  /** Takes up files that have changed, once a minute; to be called at least that often. */
  public void tick() {
    if (clock.nowNs() - checkedNs < CHECKED_EVERY.toNanos()) {
      return;
    }
    checkedNs = clock.nowNs();
    try {
      Files found = read(certificateFile, keyFile);
      if (!found.equals(seen)) {
        seen = found;
        Pair next = pair(found, String.valueOf(Integer.parseInt(current.alias) + 1));
        before = current;
        current = next;
        warnedDay = Long.MIN_VALUE;
        LOG.info("TLS with a new certificate, {}", description());
      }
      complaint = "";
    } catch (TlsException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(complaint)) {
        complaint = problem;
        LOG.warn("TLS goes on with the certificate it has: {}", problem);
      }
    }
    warnOfItsEnd();
  }

  /** For TLS contexts; shows the present certificate whenever it is asked. */
  public X509ExtendedKeyManager keyManager() {
    return new Keys();
  }

  /** When the present certificate expires, in seconds since 1970. */
  public long endsWallS() {
    return current.chain.get(0).getNotAfter().toInstant().getEpochSecond();
  }

  private static Files read(Path certificateFile, Path keyFile) throws TlsException {
    return new Files(PemFile.read(certificateFile), PemFile.read(keyFile));
  }

  private static Pair pair(Files files, String alias) throws TlsException {
    List<X509Certificate> chain = files.certificate.certificates();
    X509Certificate own = chain.get(0);
    String algorithm = own.getPublicKey().getAlgorithm();
    String signing = SIGNATURES.get(algorithm);
    if (signing == null) {
      throw new TlsException(
          files.certificate.path(),
          "its key is of the kind %s, allowed are RSA, EC and Ed25519".formatted(algorithm));
    }
    PrivateKey key = files.key.key(algorithm);
    if (!belong(signing, key, own)) {
      throw new TlsException(
          files.key.path(),
          "not the key of the first certificate in %s, which is that of %s"
              .formatted(files.certificate.path(), own.getSubjectX500Principal()));
    }
    return new Pair(alias, key, chain);
  }

  private static boolean belong(String signing, PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature = Signature.getInstance(signing);
      signature.initSign(key);
      signature.update(certificate.getSignature());
      byte[] proof = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(certificate.getSignature());
      return signature.verify(proof);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private String description() {
    X509Certificate own = current.chain.get(0);
    return "%s (%s), valid until %s"
        .formatted(certificateFile, own.getSubjectX500Principal(), own.getNotAfter().toInstant());
  }

  private void warnOfItsEnd() {
    X509Certificate own = current.chain.get(0);
    Instant now = Instant.ofEpochSecond(clock.wallNowNs() / 1_000_000_000L);
    Instant end = own.getNotAfter().toInstant();
    Instant begin = own.getNotBefore().toInstant();
    long today = now.getEpochSecond() / 86_400;
    boolean early = now.isBefore(begin);
    if (today == warnedDay || (!early && now.isBefore(end.minus(WARNED_BEFORE)))) {
      return;
    }
    warnedDay = today;
    if (early) {
      LOG.warn(
          "{} is valid from {} on, and the clock says {}: browsers and players may refuse it",
          certificateFile,
          begin,
          now);
    } else if (now.isBefore(end)) {
      LOG.warn(
          "{} expires at {}, in {} days",
          certificateFile,
          end,
          Duration.between(now, end).toDays());
    } else {
      LOG.warn(
          "{} has EXPIRED at {}, and the clock says {}: browsers and players refuse it or warn",
          certificateFile,
          end,
          now);
    }
  }

  /** Answers with one certificate, where the client takes its kind of key. */
  private final class Keys extends X509ExtendedKeyManager {

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      Pair now = current;
      return now.key.getAlgorithm().equals(keyType) ? now.alias : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      String alias = chooseEngineServerAlias(keyType, issuers, null);
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      Pair pair = named(alias);
      return pair == null ? null : pair.chain.toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      Pair pair = named(alias);
      return pair == null ? null : pair.key;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    /** A handshake asks for certificate and key one after the other, and must get a pair. */
    private @Nullable Pair named(String alias) {
      Pair now = current;
      if (alias.equals(now.alias)) {
        return now;
      }
      Pair last = before;
      return last != null && alias.equals(last.alias) ? last : null;
    }
  }
}
