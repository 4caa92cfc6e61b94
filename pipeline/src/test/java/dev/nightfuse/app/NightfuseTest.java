package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.RigConfig;
import dev.nightfuse.recording.Retention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wiring, where it decides something. */
final class NightfuseTest {

  @TempDir Path folder;

  @Test
  void retention_rigsThatRecordToOneDirectory_shareIt() throws Exception {
    StringBuilder yaml = new StringBuilder("rigs:\n");
    List<String> directories =
        List.of("films", Path.of("films").toAbsolutePath().toString(), "other", "x/../films/.");
    for (String directory : directories) {
      yaml.append(
          """
            - name: rig%d
              visible: {uri: "simulated:night"}
              infrared: {uri: "simulated:night"}
              recording: {directory: "%s"}
          """
              .formatted(yaml.length(), directory));
    }
    Path config = Files.writeString(folder.resolve("car.yaml"), yaml);
    Map<Path, Retention> known = new HashMap<>();
    List<Retention> given = new ArrayList<>();
    for (RigConfig rig : ConfigLoader.load(config).rigs()) {
      given.add(Nightfuse.retention(rig, known));
    }
    assertEquals(2, known.size(), known.toString());
    assertSame(given.get(0), given.get(1));
    assertSame(given.get(0), given.get(3));
    assertNotSame(given.get(0), given.get(2));
  }
}
