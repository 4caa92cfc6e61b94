/**
 * The configuration: one YAML file read into immutable records, once, before anything starts. Only
 * the command line reads it; every other package gets its own record or plain values by
 * constructor.
 *
 * <pre>
 *   file --> YamlDocument (hostile input refused) --> NightfuseKeys over a YamlSection --> NightfuseConfig
 *                                                     the same keys over a SchemaSection (tests) --> JSON Schema
 * </pre>
 */
@NullMarked
package dev.nightfuse.config;

import org.jspecify.annotations.NullMarked;
