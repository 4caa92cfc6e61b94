package dev.nightfuse.dashboard;

import java.util.List;

/**
 * Where the dashboard listens and what it allows.
 *
 * @param host address to bind; {@code 0.0.0.0} for every interface
 * @param port TCP port; 0 lets the system choose
 * @param maxViewers video connections at one time; more are refused with 503
 * @param queueUnits bound of a viewer's queue in access units
 * @param stallTimeoutMs a viewer that takes no bytes for this long is closed
 * @param statusIntervalMs period of status messages to the page
 * @param allowedHosts host names, without port, under which the dashboard may be reached besides IP
 *     addresses, {@code localhost}, names without a dot and names under {@code .local}: a foreign
 *     site cannot point its own name at this machine and steer it
 */
public record DashboardSettings(
    String host,
    int port,
    int maxViewers,
    int queueUnits,
    int stallTimeoutMs,
    int statusIntervalMs,
    List<String> allowedHosts) {

  public DashboardSettings {
    require(!host.isBlank(), "host", host, "an address or host name");
    require(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
    require(maxViewers >= 1 && maxViewers <= 10_000, "maxViewers", maxViewers, "1 to 10000");
    require(queueUnits >= 2 && queueUnits <= 1_000, "queueUnits", queueUnits, "2 to 1000");
    require(
        stallTimeoutMs >= 500 && stallTimeoutMs <= 120_000,
        "stallTimeoutMs",
        stallTimeoutMs,
        "500 to 120000");
    require(
        statusIntervalMs >= 100 && statusIntervalMs <= 60_000,
        "statusIntervalMs",
        statusIntervalMs,
        "100 to 60000");
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** Everything at its default except the address. */
  public static DashboardSettings of(String host, int port) {
    return new DashboardSettings(host, port, 64, 60, 10_000, 500, List.of());
  }

  /** These settings with names of its own. */
  public DashboardSettings named(List<String> hosts) {
    return new DashboardSettings(
        host, port, maxViewers, queueUnits, stallTimeoutMs, statusIntervalMs, hosts);
  }

  private static void require(boolean ok, String name, Object value, String allowed) {
    if (!ok) {
      throw new IllegalArgumentException(
          "dashboard " + name + " is " + value + "; allowed is " + allowed);
    }
  }
}
