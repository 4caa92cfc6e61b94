package dev.nightfuse.config;

/**
 * What the program says about itself.
 *
 * @param logLevel {@code error}, {@code warn}, {@code info} or {@code debug}
 */
public record TelemetryConfig(String logLevel) {}
