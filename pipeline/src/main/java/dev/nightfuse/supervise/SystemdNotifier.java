package dev.nightfuse.supervise;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service fares (sd_notify(3)): a datagram to the socket that {@code
 * NOTIFY_SOCKET} names. Does nothing where there is none. Java has no datagrams on Unix sockets, so
 * libc is called directly.
 *
 * <p>Safe for every thread. A message that cannot be sent is logged once and forgotten: the service
 * goes on.
 */
public final class SystemdNotifier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** {@code sockaddr_un}: two bytes of family, 108 of path. */
  private static final int MAX_PATH_BYTES = 107;

  private final byte @Nullable [] address;
  private int socket = -1;
  private boolean complained;

  private SystemdNotifier(byte @Nullable [] address) {
    this.address = address;
  }

  public static SystemdNotifier fromEnvironment() {
    return of(System.getenv());
  }

  /**
   * @param environment {@code NOTIFY_SOCKET}: a path, or a name in the abstract namespace that
   *     begins with {@code @}
   */
  public static SystemdNotifier of(Map<String, String> environment) {
    String path = environment.get("NOTIFY_SOCKET");
    return new SystemdNotifier(path == null || path.isEmpty() ? null : sockaddr(path));
  }

  private static byte @Nullable [] sockaddr(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length > MAX_PATH_BYTES) {
      LOG.warn("NOTIFY_SOCKET is longer than {} bytes and is not used: {}", MAX_PATH_BYTES, path);
      return null;
    }
    // The address ends with the name: an abstract name has no final zero, and its length tells
    // where it ends.
    boolean isAbstract = name[0] == '@';
    byte[] address = new byte[2 + name.length + (isAbstract ? 0 : 1)];
    address[0] = AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    if (isAbstract) {
      address[2] = 0;
    }
    return address;
  }

  public void ready() {
    send("READY=1");
  }

  public void watchdog() {
    send("WATCHDOG=1");
  }

  public void stopping() {
    send("STOPPING=1");
  }

  /** One line that {@code systemctl status} shows. */
  public void status(String line) {
    send("STATUS=" + line.replace('\n', ' '));
  }

  private synchronized void send(String message) {
    byte[] to = address;
    if (to == null) {
      return;
    }
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try {
      if (socket < 0) {
        socket = LibC.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      }
      LibC.sendto(socket, bytes, bytes.length, MSG_NOSIGNAL, to, to.length);
    } catch (LastErrorException | LinkageError e) {
      if (!complained) {
        complained = true;
        LOG.warn("systemd cannot be told {}: {}", message, e.getMessage());
      }
    }
  }

  @Override
  public synchronized void close() {
    if (socket >= 0) {
      LibC.close(socket);
      socket = -1;
    }
  }

  /** The three calls; a failure of one is a {@link LastErrorException}. */
  private static final class LibC {

    static {
      Native.register(LibC.class, "c");
    }

    private LibC() {}

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native long sendto(
        int descriptor,
        byte[] message,
        long messageBytes,
        int flags,
        byte[] address,
        int addressBytes)
        throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;
  }
}
