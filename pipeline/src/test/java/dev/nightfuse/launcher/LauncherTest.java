package dev.nightfuse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.launcher.PretendedMachine.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LauncherTest {

  @TempDir private Path folder;
  private PretendedMachine machine;

  @BeforeEach
  void prepare() throws Exception {
    machine = new PretendedMachine(folder);
  }

  @Test
  void run_firstAndSecondStart_buildsOnceAndPassesAllArguments() throws Exception {
    Result first = machine.launch("run", "-c", "my car.yaml");
    Result second = machine.launch("inspect");

    assertEquals(0, first.exitCode(), first.err());
    List<String> java = first.out().lines().toList();
    int main = java.indexOf("dev.nightfuse.app.NightfuseMain");
    assertEquals(List.of("run", "-c", "my car.yaml"), java.subList(main + 1, java.size()));
    assertTrue(java.contains("-Dnightfuse.root=" + machine.root), first.out());
    assertFalse(java.contains("--enable-native-access=ALL-UNNAMED"), "unknown to JDK 17");
    assertEquals("inspect", second.lastLine());
    assertEquals(1, machine.builds());
  }

  @Test
  void run_frames_mayTakeMoreMemoryThanTheHeap() throws Exception {
    String option = "-XX:MaxDirectMemorySize=";
    String out = machine.launch("inspect").out();
    String size =
        out.lines()
            .filter(line -> line.startsWith(option))
            .findFirst()
            .orElseThrow(() -> new AssertionError(out))
            .substring(option.length());
    assertTrue(size.matches("[1-9][0-9]{5,}k"), size);
  }

  @Test
  void run_localeOfTheUser_isNotThatOfTheProgram() throws Exception {
    // Names of files would be ASCII in it, and "No space left on device" translated.
    String out = machine.launch("inspect").out();
    assertTrue(out.startsWith("C.UTF-8\n"), out);
  }

  @Test
  void run_nativeLibraries_areUnpackedOnceAndNotAtEveryStart() throws Exception {
    String option = "-Donnxruntime.native.path=";
    assertFalse(machine.launch("inspect").out().contains(option), "nothing was unpacked");

    machine.unpacks();
    PretendedMachine.write(machine.root.resolve("engine/src/main/java/B.java"), "class B {}");
    String out = machine.launch("inspect").out();
    Path folder =
        out.lines()
            .filter(line -> line.startsWith(option))
            .map(line -> Path.of(line.substring(option.length())))
            .findFirst()
            .orElseThrow(() -> new AssertionError(out));
    assertTrue(Files.exists(folder.resolve("libonnxruntime.so")), folder::toString);
    assertTrue(folder.startsWith(machine.root.resolve(".nightfuse/app")), folder::toString);
  }

  @Test
  void run_archiveOfClasses_isWrittenWhileNoMethodWaitsForTheCompiler() throws Exception {
    // What an older JVM marks as waiting is never compiled in later starts, and takes ten times
    // the time: which method that is, differs from archive to archive.
    String out = machine.launch("inspect").out();
    assertTrue(machine.archiving().contains("-XX:ArchiveClassesAtExit="), machine.archiving());
    assertTrue(machine.archiving().contains("-Xbatch\n-XX:TieredStopAtLevel=1\n"));
    assertFalse(out.contains("-Xbatch"), out);

    machine.javaVersion("21.0.1");
    assertEquals(0, machine.launch("inspect").exitCode());
    assertTrue(machine.archiving().contains("-XX:ArchiveClassesAtExit="), machine.archiving());
    assertFalse(machine.archiving().contains("-Xbatch"), "JDK 21 does not need it");
  }

  @Test
  void run_changedSource_buildsAgain() throws Exception {
    machine.launch("inspect");
    PretendedMachine.write(
        machine.root.resolve("engine/src/main/java/A.java"), "class A { int b; }");
    machine.launch("inspect");
    PretendedMachine.write(
        machine.root.resolve("engine/src/test/java/ATest.java"), "class ATest {}");
    machine.launch("inspect");

    assertEquals(2, machine.builds());
  }

  @ParameterizedTest
  @CsvSource({"inspect, pipeline, app", "train, training, training-build"})
  void build_afterOneOfAnotherVersion_takesItsOwn(String command, String module, String builds)
      throws Exception {
    String jar = "%s/target/%s-".formatted(module, module);
    PretendedMachine.write(machine.root.resolve(jar + "1.jar"), "old");
    machine.maven("mkdir -p %s/target; echo new >%s2.jar".formatted(module, jar));

    Result result = machine.launch(command);

    assertEquals(0, result.exitCode(), result.err());
    try (Stream<Path> files = Files.walk(machine.root.resolve(".nightfuse").resolve(builds))) {
      Path taken = files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
      assertEquals("new\n", Files.readString(taken));
    }
  }

  @ParameterizedTest
  @CsvSource({"inspect, pipeline, app", "train, training, training-build"})
  void build_sourcesThatChangeMeanwhile_isOfTheNewOnesAlone(
      String command, String module, String builds) throws Exception {
    machine.maven(
        """
        echo built >>builds
        mkdir -p %1$s/target
        cp engine/src/main/java/A.java %1$s/target/%1$s-1.jar
        echo 'class A { int changed; }' >engine/src/main/java/A.java
        """
            .formatted(module));

    Result result = machine.launch(command);

    assertEquals(0, result.exitCode(), result.err());
    assertEquals(2, machine.builds());
    try (Stream<Path> files = Files.walk(machine.root.resolve(".nightfuse").resolve(builds))) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
      assertEquals(1, jars.size(), jars::toString);
      assertEquals("class A { int changed; }\n", Files.readString(jars.get(0)));
      assertTrue(Files.exists(jars.get(0).resolveSibling("ready")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "prepare"})
  void training_signals_endItBesideTheJvm(String command) throws Exception {
    // Whose own end destroys libtorch while a thread computes with it.
    machine.maven(
        "for m in training pipeline; do mkdir -p $m/target; touch $m/target/$m-1.jar; done");
    String out = machine.launch(command).out();
    assertTrue(out.lines().anyMatch("-Xrs"::equals), out);
    assertFalse(machine.launch("inspect").out().contains("-Xrs"), "that one ends in order");
  }

  @Test
  void run_throughASymbolicLink_findsItsFolder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("nf"), machine.root.resolve("nightfuse"));

    Result result = machine.launch(link, "inspect");

    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("-Dnightfuse.root=" + machine.root), result.out());
  }

  @Test
  void run_folderThatCannotBeWritten_saysSo() throws Exception {
    Files.writeString(machine.root.resolve(".nightfuse"), "in the way");

    Result result = machine.launch("inspect");

    assertEquals(1, result.exitCode());
    assertTrue(
        result.err().startsWith("nightfuse: cannot write to " + machine.root + "/.nightfuse"),
        result.err());
  }

  @Test
  void run_brokenBuild_showsTheEndOfTheLogAndFails() throws Exception {
    machine.maven("echo '[ERROR] A.java:[1,1] wrong'; exit 1");

    Result result = machine.launch("inspect");

    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("[ERROR] A.java:[1,1] wrong"), result.err());
    assertTrue(result.err().endsWith("nightfuse: the build failed\n"), result.err());
  }

  @Test
  void help_withoutABuild_isShownWithoutBuilding() throws Exception {
    for (String[] arguments : new String[][] {{}, {"--help"}, {"help"}}) {
      Result result = machine.launch(arguments);

      assertEquals(0, result.exitCode());
      assertTrue(result.out().contains("./nightfuse demo"), result.out());
    }
    assertEquals(0, machine.builds());
  }

  @Test
  void noInstall_missingPackages_areListedAndRefused() throws Exception {
    machine.noPackagesInstalled();

    Result result = machine.launch("--no-install", "demo");

    assertEquals(1, result.exitCode());
    assertTrue(
        result
            .err()
            .contains(
                "apt-get install --no-install-recommends gstreamer1.0-plugins-base"
                    + " gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
                    + " gstreamer1.0-plugins-ugly gstreamer1.0-libav"),
        result.err());
    assertFalse(result.err().contains("unexpected"), result.err());
    assertEquals(0, machine.builds());
  }

  @Test
  void install_anotherAptHoldsTheLists_isTriedAgain() throws Exception {
    machine.noPackagesInstalled();
    machine.packageManager(
        """
        echo "$*" | grep -q update || exit 0
        (($(grep -c update "%s") > 2)) && exit 0
        echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)'
        echo 'E: Unable to lock directory /var/lib/apt/lists/'
        exit 100
        """
            .formatted(folder.resolve("asked")));

    Result result = machine.launch("inspect");

    assertEquals(0, result.exitCode(), result.err());
    assertEquals(List.of("update", "update", "update"), machine.asked().subList(0, 3));
    String install = "install -y --no-install-recommends gstreamer1.0-plugins-base";
    assertTrue(machine.asked().get(3).startsWith(install), machine.asked().toString());
  }

  @Test
  void install_failsForAnotherReason_isNotTriedAgain() throws Exception {
    machine.noPackagesInstalled();
    machine.packageManager("echo 'E: no network'; exit 100");

    Result result = machine.launch("inspect");

    assertEquals(1, result.exitCode());
    assertTrue(result.err().endsWith("packages could not be installed\n"), result.err());
    assertEquals(2, machine.asked().size(), machine.asked().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"apt-get", "sudo", "install"})
  void test_onlyPlayersMissingAndCannotBeInstalled_goesOnWithoutThem(String trouble)
      throws Exception {
    machine.reports("<testsuite tests=\"1\"><testcase name=\"a\" classname=\"b\"/></testsuite>");
    machine.packageManager("echo 'E: broken'; exit 100");
    String[] players = {"chromium", "chromium-browser", "google-chrome", "cvlc"};
    machine.without(players);
    switch (trouble) {
      case "apt-get" -> machine.without("apt-get");
      case "sudo" -> machine.noRights();
      default -> {}
    }

    Result result = machine.launch("test");

    assertEquals("1 passed, 0 failed, 0 skipped", result.lastLine(), result.err());
    assertEquals(0, result.exitCode());
    assertTrue(result.err().contains("Missing on this machine:"), result.err());
    assertTrue(result.err().contains("the tests that need them are skipped"), result.err());
  }

  @Test
  void test_passingTests_endsWithTheCountsAndSkipReasons() throws Exception {
    machine.reports(
        """
        <testsuite name="a.BTest" tests="3" errors="0" skipped="1" failures="0">
          <testcase name="works" classname="a.BTest" time="0.1"/>
          <testcase name="works_too" classname="a.BTest" time="0.1"/>
          <testcase name="needs_a_gpu" classname="a.BTest" time="0">
            <skipped message="Assumption failed: no &quot;GPU&quot; &amp; no driver"/>
          </testcase>
        </testsuite>""",
        """
        <testsuite name="a.CTest" tests="3" errors="0" skipped="1" failures="0">
          <testcase name="one" classname="a.CTest" time="0.1"/>
          <testcase name="two" classname="a.CTest" time="0.1"/>
          <testcase name="needs_vlc" classname="a.CTest" time="0">
            <skipped type="x"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: no VLC
          at a.CTest]]></skipped>
          </testcase>
        </testsuite>""");

    Result result = machine.launch("test");

    assertEquals("4 passed, 0 failed, 2 skipped", result.lastLine());
    assertTrue(result.out().contains("  a.CTest.needs_vlc: no VLC\n"), result.out());
    assertTrue(
        result.out().contains("  a.BTest.needs_a_gpu: Assumption failed: no \"GPU\" & no driver\n"),
        result.out());
    assertEquals(0, result.exitCode());
  }

  @Test
  void test_failuresAndErrors_areCountedAndFail() throws Exception {
    machine.reports(
        """
        <testsuite name="a.BTest" tests="3" errors="1" skipped="0" failures="1">
          <testcase name="works" classname="a.BTest" time="0.1"/>
          <testcase name="wrong" classname="a.BTest" time="0.1">
            <failure message="expected 1" type="x">a &lt;error inside
            </failure>
          </testcase>
          <testcase name="throws" classname="a.BTest" time="0">
            <error message="boom" type="x">trace</error>
          </testcase>
        </testsuite>""");

    Result result = machine.launch("test");

    assertEquals("1 passed, 2 failed, 0 skipped", result.lastLine());
    assertTrue(result.out().contains("Failed:\n  a.BTest.wrong\n  a.BTest.throws\n"), result.out());
    assertEquals(1, result.exitCode());
  }

  @Test
  void test_noTestRan_fails() throws Exception {
    machine.maven("exit 0");

    Result result = machine.launch("test");

    assertEquals("0 passed, 0 failed, 0 skipped", result.lastLine());
    assertEquals(1, result.exitCode());
  }

  @Test
  void test_buildThatBreaks_isNotAPass() throws Exception {
    machine.maven(
        """
        mkdir -p engine/target/surefire-reports
        echo '<testsuite tests="1"><testcase name="a" classname="b"/>' >engine/target/surefire-reports/TEST-b.xml
        echo '[ERROR] does not compile'; exit 1
        """);

    Result result = machine.launch("test");

    assertEquals("1 passed, 1 failed, 0 skipped", result.lastLine());
    assertTrue(result.out().contains("[ERROR] does not compile"), result.out());
    assertEquals(1, result.exitCode());
  }

  @Test
  void test_nativeCodeThatAborts_mayTellWhy() throws Exception {
    machine.maven("echo \"[ERROR] $GST_DEBUG\"");

    assertTrue(machine.launch("test").out().contains("[ERROR] libav:4\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "test", "train"})
  void maven_whoeverStartsIt_runsAlone(String command) throws Exception {
    machine.maven(
        """
        flock -n .nightfuse/lock echo free >>locks || echo held >>locks
        mkdir -p pipeline/target training/target
        touch pipeline/target/pipeline-1.jar training/target/training-1.jar
        """);

    machine.launch(command);

    assertEquals("held\n", Files.readString(machine.root.resolve("locks")));
  }

  @Test
  void test_longAndMavenArguments_arePassedOn() throws Exception {
    machine.maven("echo \"[ERROR] $*\"");

    Result result = machine.launch("test", "--long", "-Dtest=A");

    assertTrue(result.out().contains("-Dnightfuse.long"), result.out());
    assertTrue(result.out().contains("-Dtest=A verify"), result.out());
  }
}
