package dev.nightfuse.access;

import dev.nightfuse.frame.FrameClock;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where everybody passes who looks or steers: the passwords, and what slows down whoever tries
 * them. After {@value #MOST} wrong ones from one address within a minute, that address is refused
 * until the minute is over; the same one again is no guess, but a page or a recorder that was left
 * on. Each server has one of its own, so that such a recorder shuts nobody out of the dashboard.
 * Any thread.
 */
public final class Gate {

  static final int MOST = 10;

  /** How long wrong passwords are held against an address. */
  public static final int MEMORY_S = 60;

  private static final int MOST_ADDRESSES = 1024;

  private static final class Count {
    private final long sinceNs;
    private int wrong;
    private int lastGuess;

    private Count(long sinceNs) {
      this.sinceNs = sinceNs;
    }
  }

  private final Passwords passwords;
  private final FrameClock clock;

  /** Oldest first; bounded, or whoever has many addresses could fill the memory. */
  private final Map<InetAddress, Count> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Count> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  public Gate(Passwords passwords, FrameClock clock) {
    this.passwords = passwords;
    this.clock = clock;
  }

  public Passwords passwords() {
    return passwords;
  }

  /** Whether requests of this address are refused now, right password or not. */
  public synchronized boolean refuses(InetAddress address) {
    Count count = counts.get(address);
    if (count != null && clock.nowNs() - count.sinceNs > MEMORY_S * 1_000_000_000L) {
      counts.remove(address);
      return false;
    }
    return count != null && count.wrong >= MOST;
  }

  /**
   * A wrong user or password came from this address.
   *
   * @param guess what was sent, or what stands for it; not kept
   */
  public synchronized void wrongPassword(InetAddress address, String guess) {
    refuses(address);
    Count count = counts.computeIfAbsent(address, a -> new Count(clock.nowNs()));
    if (count.wrong == 0 || count.lastGuess != guess.hashCode()) {
      count.wrong++;
      count.lastGuess = guess.hashCode();
    }
  }

  /** Addresses that wrong passwords are remembered of. */
  synchronized int addresses() {
    return counts.size();
  }
}
