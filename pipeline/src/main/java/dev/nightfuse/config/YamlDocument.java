package dev.nightfuse.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * YAML as plain data: one document, no aliases, no tags, bounded in size and depth. Whatever goes
 * beyond is refused before anything is built from it, so a hostile file costs no more than a large
 * one.
 */
final class YamlDocument {

  static final int MAX_SIZE_BYTES = 256 * 1024;
  static final int MAX_DEPTH = 16;

  private YamlDocument() {}

  static String readText(Path file) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_SIZE_BYTES + 1);
      if (bytes.length > MAX_SIZE_BYTES) {
        throw new ConfigException(
            "%s: larger than %d KiB, allowed is less".formatted(file, MAX_SIZE_BYTES / 1024));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ConfigException("%s: not UTF-8 text".formatted(file));
    } catch (IOException e) {
      throw new ConfigException("%s: %s".formatted(file, reason(file)));
    }
  }

  private static String reason(Path file) {
    if (!Files.exists(file)) {
      return "no such file";
    }
    if (Files.isDirectory(file)) {
      return "is a folder, allowed is a YAML file";
    }
    return Files.isReadable(file) ? "cannot be read" : "no permission to read it";
  }

  /** The root node, or null when the text holds nothing but comments. */
  static @Nullable Node parse(String file, String text) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(MAX_SIZE_BYTES)
            .setMaxAliasesForCollections(0)
            // Refused later, with its line.
            .setAllowNonScalarKeys(true)
            .build();
    try {
      refuseHostile(file, settings, text);
      return new Compose(settings).composeString(text).orElse(null);
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(
          "%s:%d: not valid YAML: %s".formatted(file, line(e.getProblemMark()), e.getProblem()));
    } catch (YamlEngineException e) {
      throw new ConfigException("%s:1: not valid YAML: %s".formatted(file, e.getMessage()));
    }
  }

  private static void refuseHostile(String file, LoadSettings settings, String text)
      throws ConfigException {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof AliasEvent
          || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
        throw refused(file, event, "anchors and aliases (& and *) are not allowed");
      }
      if ((event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
          || (event instanceof CollectionStartEvent start && start.getTag().isPresent())) {
        throw refused(file, event, "tags (!) are not allowed");
      }
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        throw refused(file, event, "nested deeper than %d levels".formatted(MAX_DEPTH));
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (event instanceof DocumentStartEvent && ++documents > 1) {
        throw refused(file, event, "a second document (---) is not allowed");
      }
    }
  }

  private static ConfigException refused(String file, Event event, String message) {
    return new ConfigException("%s:%d: %s".formatted(file, line(event.getStartMark()), message));
  }

  /** Lines are counted from 1 in messages, from 0 by the parser. */
  static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(1);
  }
}
