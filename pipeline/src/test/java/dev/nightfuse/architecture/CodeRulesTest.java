package dev.nightfuse.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Rules that hold for every class of the program. */
final class CodeRulesTest {

  @Test
  void time_outsideTheClock_isInjected() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.nightfuse.frame.SystemClock")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .because("time comes from the injected FrameClock")
        .check(ProgramClasses.ALL);
  }

  @Test
  void staticFields_all_areFinal() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .because("there is no static mutable state")
        .check(ProgramClasses.ALL);
  }

  @Test
  void staticFields_finalOnes_holdNothingThatChanges() {
    noFields()
        .that()
        .areStatic()
        .should()
        .haveRawType(MUTABLE)
        .because("there is no static mutable state")
        .check(ProgramClasses.ALL);
  }

  private static final DescribedPredicate<JavaClass> MUTABLE =
      DescribedPredicate.describe(
          "mutable",
          type ->
              type.getPackageName().startsWith("java.util.concurrent.atomic")
                  || type.isAssignableTo(ThreadLocal.class)
                  || type.isAssignableTo(Thread.class)
                  || type.isAssignableTo(java.util.concurrent.Executor.class)
                  || isMutableCollection(type));

  // List, Set and Map themselves are how unmodifiable ones are declared.
  private static boolean isMutableCollection(JavaClass type) {
    boolean collection = type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    return collection
        && !type.isEquivalentTo(List.class)
        && !type.isEquivalentTo(Set.class)
        && !type.isEquivalentTo(Map.class);
  }

  /** A child process has a main of its own, and speaks to its parent through its streams. */
  private static final DescribedPredicate<JavaClass> IS_NO_PROGRAM =
      DescribedPredicate.describe(
          "have no main method", type -> type.tryGetMethod("main", String[].class).isEmpty());

  @Test
  void exit_outsideTheApp_isNotCalled() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.nightfuse.app..")
        .and(IS_NO_PROGRAM)
        .should()
        .callMethod(System.class, "exit", int.class)
        .because("only the command line ends the program")
        .check(ProgramClasses.ALL);
  }

  @Test
  void standardStreams_outsideTheApp_areNotUsed() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.nightfuse.app..")
        .and(IS_NO_PROGRAM)
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("everything but the command line speaks through the log")
        .check(ProgramClasses.ALL);
  }

  @Test
  void packages_all_areNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : ProgramClasses.ALL) {
      JavaPackage home = type.getPackage();
      if (!home.tryGetPackageInfo().map(i -> i.isAnnotatedWith(NullMarked.class)).orElse(false)) {
        unmarked.add(home.getName());
      }
    }
    assertEquals(Set.of(), unmarked, "packages without a @NullMarked package-info");
  }
}
