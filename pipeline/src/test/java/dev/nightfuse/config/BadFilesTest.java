package dev.nightfuse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One file per rule. The head of each tells what must be said about it, {@code # expect LINE:
 * MESSAGE}, and what the JSON Schema does, {@code # schema refuses} or why not.
 */
final class BadFilesTest {

  private static final Path FOLDER =
      Path.of(
          System.getProperty("nightfuse.root", ".."),
          "pipeline/src/test/resources/dev/nightfuse/config/bad");
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaSection.ofNightfuse());

  static List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(Path::getFileName).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void load_badFile_saysExactlyWhatIsWrongAndWhere(Path name) throws Exception {
    String text = Files.readString(FOLDER.resolve(name));

    ConfigException refused =
        assertThrows(ConfigException.class, () -> ConfigLoader.parse(name, text));

    List<String> expected =
        text.lines()
            .filter(line -> line.startsWith("# expect "))
            .map(line -> name + ":" + line.substring("# expect ".length()))
            .toList();
    assertEquals(String.join("\n", expected), refused.getMessage());
  }

  static List<Path> filesForTheSchema() throws Exception {
    List<Path> asked = new ArrayList<>();
    for (Path name : files()) {
      // What no JSON can say never reaches a schema: "# schema not asked: why".
      if (!verdict(Files.readString(FOLDER.resolve(name))).startsWith("not asked")) {
        asked.add(name);
      }
    }
    return asked;
  }

  @ParameterizedTest
  @MethodSource("filesForTheSchema")
  void schema_badFile_agreesWithTheCode(Path name) throws Exception {
    String text = Files.readString(FOLDER.resolve(name));

    boolean refuses = !SCHEMA.validate(json(text)).isEmpty();

    assertEquals(verdict(text).equals("refuses"), refuses, verdict(text));
  }

  private static String verdict(String text) {
    return text.lines()
        .filter(line -> line.startsWith("# schema "))
        .findFirst()
        .orElseThrow()
        .substring("# schema ".length());
  }

  @Test
  void schema_shippedConfigurations_areAccepted() throws Exception {
    Path configs = Path.of(System.getProperty("nightfuse.root", ".."), "configs");
    for (String name : List.of("default.yaml", "demo.yaml")) {
      assertEquals(List.of(), SCHEMA.validate(json(Files.readString(configs.resolve(name)))), name);
    }
  }

  private static JsonNode json(String yaml) {
    Object plain = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return new ObjectMapper().valueToTree(plain);
  }
}
