package dev.nightfuse.config;

import java.util.List;

/**
 * Everything a configuration file says, with defaults filled in and checked. Immutable; equal
 * records mean that nothing has to restart.
 *
 * @param server where viewers connect
 * @param engine how pairs are fused, for all rigs
 * @param rigs at least one; names differ
 * @param telemetry what the program says about itself
 */
public record NightfuseConfig(
    ServerConfig server, EngineConfig engine, List<RigConfig> rigs, TelemetryConfig telemetry) {

  public NightfuseConfig {
    rigs = List.copyOf(rigs);
  }

  /** This configuration with other rigs, for commands that are given cameras instead of a file. */
  public NightfuseConfig withRigs(List<RigConfig> others) {
    return new NightfuseConfig(server, engine, others, telemetry);
  }

  /** This configuration with other server addresses. */
  public NightfuseConfig withServer(ServerConfig other) {
    return new NightfuseConfig(other, engine, rigs, telemetry);
  }

  /** This configuration with another engine. */
  public NightfuseConfig withEngine(EngineConfig other) {
    return new NightfuseConfig(server, other, rigs, telemetry);
  }
}
