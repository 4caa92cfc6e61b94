package dev.nightfuse.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: the module and package arrows of ARCHITECTURE.md. */
final class PackageArrowsTest {

  private static final String[] CAMERA_MODULE = {
    "dev.nightfuse.frame..", "dev.nightfuse.gst..", "dev.nightfuse.camera.."
  };
  private static final String[] OUTPUTS = {
    "dev.nightfuse.rtsp..", "dev.nightfuse.dashboard..", "dev.nightfuse.recording.."
  };

  @Test
  void program_allThreeModules_areLookedAt() {
    for (String name : new String[] {"frame.Frame", "engine.FusionEngine", "stream.VideoStream"}) {
      assertTrue(ProgramClasses.ALL.contain("dev.nightfuse." + name), name);
    }
  }

  @Test
  void cameraAdapters_ofOurPackages_knowOnlyTheirOwn() {
    noClasses()
        .that(resideInAnyPackage(CAMERA_MODULE))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.nightfuse..").and(resideOutsideOfPackages(CAMERA_MODULE)))
        .because("cameras do not know tensors or servers")
        .check(ProgramClasses.ALL);
  }

  @Test
  void engine_ofOurPackages_knowsOnlyItsOwn() {
    noClasses()
        .that(resideInAPackage("dev.nightfuse.engine.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.nightfuse..")
                .and(resideOutsideOfPackages("dev.nightfuse.engine..")))
        .because("an engine does not know cameras, GStreamer or servers")
        .check(ProgramClasses.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          com.sun.jna..               | dev.nightfuse.gst..,dev.nightfuse.supervise..,dev.nightfuse.engine.tensorrt..
          io.netty..                  | dev.nightfuse.rtsp..
          io.vertx..                  | dev.nightfuse.dashboard..
          com.microsoft.onnxruntime.. | dev.nightfuse.engine.ort..
          org.bytedeco..              | dev.nightfuse.engine.tensorrt..
          org.snakeyaml..             | dev.nightfuse.config..,dev.nightfuse.engine..
          picocli..                   | dev.nightfuse.app..
          org.HdrHistogram..          | dev.nightfuse.telemetry..,dev.nightfuse.app..
          com.fasterxml.jackson..     | dev.nightfuse.dashboard..,dev.nightfuse.app..,dev.nightfuse.engine.weights..,dev.nightfuse.engine.model..
          net.razorvine..             | dev.nightfuse.engine.weights..
          me.tongfei..                | dev.nightfuse.app..
          ch.qos.logback..            | dev.nightfuse.telemetry..
          """)
  void vendorLibrary_outsideItsPackages_isNotImported(String vendor, String allowed) {
    noClasses()
        .that(resideOutsideOfPackages(allowed.split(",")))
        .should()
        .dependOnClassesThat(resideInAPackage(vendor))
        .allowEmptyShould(true)
        .because("a library that is known in one place can be replaced there")
        .check(ProgramClasses.ALL);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void output_otherOutputsAndTheWiring_areUnknownToIt(int index) {
    for (int other = 0; other < OUTPUTS.length; other++) {
      if (other != index) {
        noClasses()
            .that(resideInAPackage(OUTPUTS[index]))
            .should()
            .dependOnClassesThat(resideInAPackage(OUTPUTS[other]))
            .allowEmptyShould(true)
            .because("outputs meet at the stream hub only")
            .check(ProgramClasses.ALL);
      }
    }
    noClasses()
        .that(resideInAPackage(OUTPUTS[index]))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "dev.nightfuse.app..", "dev.nightfuse.supervise..", "dev.nightfuse.encode.."))
        .allowEmptyShould(true)
        .because("an output knows streams, not who makes them")
        .check(ProgramClasses.ALL);
  }

  @Test
  void app_everyoneElse_doesNotKnowIt() {
    noClasses()
        .that(resideOutsideOfPackages("dev.nightfuse.app.."))
        .should()
        .dependOnClassesThat(resideInAPackage("dev.nightfuse.app.."))
        .because("only the command line wires, and nobody calls it")
        .check(ProgramClasses.ALL);
  }

  @Test
  void config_everyoneButTheApp_getsPlainValuesInstead() {
    noClasses()
        .that(resideOutsideOfPackages("dev.nightfuse.app..", "dev.nightfuse.config.."))
        .should()
        .dependOnClassesThat(resideInAPackage("dev.nightfuse.config.."))
        .because("a component that knows the configuration cannot be used without it")
        .check(ProgramClasses.ALL);
  }

  @Test
  void packages_amongThemselves_haveNoCycles() {
    slices().matching("dev.nightfuse.(**)").should().beFreeOfCycles().check(ProgramClasses.ALL);
  }
}
