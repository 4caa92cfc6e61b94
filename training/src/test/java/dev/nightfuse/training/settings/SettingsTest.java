package dev.nightfuse.training.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

  private enum Speed {
    VERY_SLOW,
    FAST
  }

  @Test
  void settings_ofAGoodFile_answerWithItsValues() throws Exception {
    Settings settings =
        Settings.parse(
            "a.yaml", "n: 3\nx: 0.5\non: true\nhow: very-slow\nin:\n  list: [a, b]\nempty:\n");
    assertEquals(3, settings.whole("n", 1, 0, 9));
    assertEquals(0.5, settings.number("x", 1, 0, 9));
    assertTrue(settings.flag("on", false));
    assertEquals(Speed.VERY_SLOW, settings.choice("how", Speed.FAST));
    assertEquals(List.of("a", "b"), settings.section("in").texts("list"));
    assertEquals(7, settings.whole("empty", 7, 0, 9));
    assertEquals("x", settings.section("absent").text("key", "x"));
    settings.finish();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n: 10          | a.yaml:1: n: 10 is not a whole number from 0 to 9",
        "n: 1.5         | a.yaml:1: n: 1.5 is not a whole number from 0 to 9",
        "n: [1]         | a.yaml:1: n: must be a single value",
        "how: quick     | a.yaml:1: how: quick is not allowed, must be one of fast, very-slow",
        "in: {m: 1}     | a.yaml:1: in.m: unknown key; allowed are x",
        "in: 3          | a.yaml:1: in. must be a mapping of keys",
        "other: 1       | a.yaml:1: other: unknown key; allowed are n, how, in",
        "in: {x: much}  | a.yaml:1: in.x: much is not a number from 0 to 0.5",
      })
  void settings_ofABadFile_nameLineKeyAndWhatIsAllowed(String text, String message)
      throws Exception {
    Settings settings = Settings.parse("a.yaml", text);
    settings.whole("n", 1, 0, 9);
    settings.choice("how", Speed.FAST);
    settings.section("in").number("x", 0, 0, 0.5);
    assertEquals(message, assertThrows(SettingsException.class, settings::finish).getMessage());
  }

  @Test
  void wholes_oneNumberOrSeveral_areAList() throws Exception {
    Settings settings = Settings.parse("a.yaml", "one: 4\ntwo: [3, 5]\n");
    assertEquals(List.of(4), settings.wholes("one", List.of(1), 2, 0, 9));
    assertEquals(List.of(3, 5), settings.wholes("two", List.of(1), 2, 0, 9));
    assertEquals(List.of(1), settings.wholes("none", List.of(1), 2, 0, 9));
    settings.finish();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n: 10        | a.yaml:1: n: 10 is not a whole number from 0 to 9",
        "n: [3, 10]   | a.yaml:1: n: 10 is not a whole number from 0 to 9",
        "n: [1, 2, 3] | a.yaml:1: n: has 3 numbers, must have 1 to 2",
        "n: []        | a.yaml:1: n: has 0 numbers, must have 1 to 2",
      })
  void wholes_ofABadFile_nameLineKeyAndWhatIsAllowed(String text, String message) throws Exception {
    Settings settings = Settings.parse("a.yaml", text);
    settings.wholes("n", List.of(1), 2, 0, 9);
    assertEquals(message, assertThrows(SettingsException.class, settings::finish).getMessage());
  }

  @Test
  void settings_withSeveralProblems_tellAll() throws Exception {
    Settings settings = Settings.parse("a.yaml", "# comment\nn: x\nn: 3\nb: 1\n");
    settings.whole("n", 1, 0, 9);
    settings.requiredText("name");
    String message = assertThrows(SettingsException.class, settings::finish).getMessage();
    assertEquals(
        List.of(
            "a.yaml:3: n: given twice",
            "a.yaml:1: name: is missing and has no default",
            "a.yaml:4: b: unknown key; allowed are n, name"),
        message.lines().toList());
  }

  @Test
  void settings_withoutYamlOrFile_areRefused() {
    assertThrows(SettingsException.class, () -> Settings.parse("a.yaml", "a: [1"));
    assertEquals(
        "none.yaml: no such file",
        assertThrows(SettingsException.class, () -> Settings.read(Path.of("none.yaml")))
            .getMessage());
  }

  @TempDir Path folder;

  @Test
  void base_ofABase_isUnderBoth() throws Exception {
    Files.writeString(folder.resolve("first.yaml"), "a: 1\nb: 1\nc: 1\n");
    Settings settings = read("base: first.yaml\nb: 2\nc: 2\n", "base: base.yaml\nc: 3\n");
    List<Integer> found = Stream.of("a", "b", "c").map(k -> settings.whole(k, 0, 0, 9)).toList();
    assertEquals(List.of(1, 2, 3), found);
    settings.finish();
  }

  private Settings read(String base, String text) throws Exception {
    Files.writeString(folder.resolve("base.yaml"), base);
    Files.writeString(folder.resolve("a.yaml"), text);
    return Settings.read(folder.resolve("a.yaml"));
  }

  @Test
  void base_sayingTheRest_isMergedKeyByKey() throws Exception {
    Settings settings =
        read(
            "n: 1\nx: 0.5\nstages:\n  one: {steps: 1}\n  two: {steps: 2, rate: 7}\n",
            "base: base.yaml\nn: 3\nstages:\n  one:\n  two: {steps: 4}\n  three: {steps: 5}\n");
    assertEquals(3, settings.whole("n", 0, 0, 9));
    assertEquals(0.5, settings.number("x", 1, 0, 9));
    Settings stages = settings.section("stages");
    assertEquals(List.of("two", "three"), stages.keys());
    assertEquals(4, stages.section("two").whole("steps", 0, 0, 9));
    assertEquals(7, stages.section("two").whole("rate", 0, 0, 9));
    assertEquals(5, stages.section("three").whole("steps", 0, 0, 9));
    settings.finish();
  }

  @Test
  void base_withProblems_isNamedWithItsLine() throws Exception {
    Settings settings = read("n: 10\nin:\n  x: much\n", "base: base.yaml\nin:\n  m: 1\n");
    settings.whole("n", 1, 0, 9);
    settings.section("in").number("x", 0, 0, 0.5);
    assertEquals(
        List.of(
            folder + "/base.yaml:1: n: 10 is not a whole number from 0 to 9",
            folder + "/base.yaml:3: in.x: much is not a number from 0 to 0.5",
            folder + "/a.yaml:3: in.m: unknown key; allowed are x"),
        assertThrows(SettingsException.class, settings::finish).getMessage().lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base: none.yaml   | a.yaml:1: base: no such file: %s/none.yaml",
        "base: [base.yaml] | a.yaml:1: base: must be the name of a file",
        "base: base.yaml   | base.yaml:2: base: %s/a.yaml is based on this file",
      })
  void base_ofNoUse_isRefused(String text, String message) {
    SettingsException e =
        assertThrows(SettingsException.class, () -> read("n: 1\nbase: a.yaml\n", text));
    assertEquals("%s/%s".formatted(folder, message.formatted(folder)), e.getMessage());
  }

  @Test
  void base_withoutWhatIsTakenAway_isRefused() {
    String text = "base: base.yaml\nstages:\n  two:\n";
    SettingsException e =
        assertThrows(SettingsException.class, () -> read("stages:\n  one: {steps: 1}\n", text));
    assertEquals(
        folder
            + "/a.yaml:3: two: has no value, which takes away what the base has, and it has none",
        e.getMessage());
  }
}
