package dev.nightfuse.training;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What training may know; the other direction is held by the module's absence elsewhere. */
final class TrainingArrowsTest {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.nightfuse");

  @Test
  void training_ofOurPackages_knowsOnlyTheEngine() {
    noClasses()
        .that(resideInAPackage("dev.nightfuse.training.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.nightfuse..")
                .and(resideOutsideOfPackages("dev.nightfuse.training..", "dev.nightfuse.engine..")))
        .because("training is a tool beside the program")
        .check(ALL);
  }

  @Test
  void libtorch_outsideTraining_isNotImported() {
    noClasses()
        .that(
            resideOutsideOfPackages("dev.nightfuse.training..", "dev.nightfuse.engine.tensorrt.."))
        .should()
        .dependOnClassesThat(resideInAPackage("org.bytedeco.."))
        .because("the engine must not need libtorch")
        .check(ALL);
  }

  @Test
  void data_ofLibtorch_knowsNothing() {
    noClasses()
        .that(resideInAPackage("dev.nightfuse.training.data.."))
        .should()
        .dependOnClassesThat(resideInAPackage("org.bytedeco.."))
        .because("pairs are plain arrays")
        .check(ALL);
  }

  @Test
  void training_ofItsParts_isUnknownToThem() {
    noClasses()
        .that(
            resideInAnyPackage(
                "dev.nightfuse.training.torch..",
                "dev.nightfuse.training.data..",
                "dev.nightfuse.training.loss..",
                "dev.nightfuse.training.stage.."))
        .should()
        .dependOnClassesThat(resideInAPackage("dev.nightfuse.training"))
        .because("only the loop wires")
        .check(ALL);
  }

  @Test
  void packages_amongThemselves_haveNoCycles() {
    slices().matching("dev.nightfuse.training.(**)").should().beFreeOfCycles().check(ALL);
  }
}
