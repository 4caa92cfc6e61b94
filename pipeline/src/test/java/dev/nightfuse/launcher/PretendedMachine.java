package dev.nightfuse.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A folder with the launcher, three small modules, a Maven that builds nothing, a Java that prints
 * its locale and its arguments, and a package manager that answers as told.
 */
final class PretendedMachine {

  /** What a run of the launcher left. */
  record Result(int exitCode, String out, String err) {

    String lastLine() {
      List<String> lines = out.lines().toList();
      return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
  }

  private static final Path LAUNCHER =
      Path.of(System.getProperty("nightfuse.root", ".."), "nightfuse").toAbsolutePath();

  private final Path folder;
  private final Path bin;
  private final Path jdk;
  final Path root;
  private final List<String> hidden = new ArrayList<>();

  PretendedMachine(Path folder) throws IOException {
    this.folder = folder;
    this.bin = folder.resolve("bin");
    this.jdk = folder.resolve("jdk");
    this.root = folder.resolve("a project");
    script(jdk.resolve("bin/java"), "printf '%s\\n' \"$LC_ALL${LANGUAGE:-}\" \"$@\"");
    script(jdk.resolve("bin/javac"), "exit 0");
    javaVersion("17.0.1");
    Files.createDirectories(root);
    Files.copy(LAUNCHER, root.resolve("nightfuse"));
    write(root.resolve("pom.xml"), "<project/>");
    write(root.resolve(".mvn/maven.config"), "");
    for (String module : List.of("camera-adapters", "engine", "pipeline", "training")) {
      write(root.resolve(module).resolve("pom.xml"), "<project/>");
      write(root.resolve(module).resolve("src/main/java/A.java"), "class A {}");
    }
    // Builds what the launcher expects of a build, and counts.
    maven("echo built >>builds; mkdir -p pipeline/target; touch pipeline/target/pipeline-1.jar");
    allPackagesInstalled();
    // Training is for this one only.
    script(bin.resolve("uname"), "echo x86_64");
    for (String tool : List.of("ffmpeg", "chromium", "cvlc")) {
      script(bin.resolve(tool), "exit 0");
    }
    script(bin.resolve("apt-get"), "echo unexpected: apt-get \"$@\" >&2; exit 1");
    script(bin.resolve("sudo"), "echo unexpected: sudo \"$@\" >&2; exit 1");
  }

  void javaVersion(String version) throws IOException {
    write(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  /** The options of the JVM that wrote the archive of classes. */
  String archiving() throws IOException {
    return Files.readString(root.resolve(".nightfuse/logs/archive.log"));
  }

  void maven(String body) throws IOException {
    script(root.resolve("mvnw"), body);
  }

  /** Its JDK can unpack a folder of a jar. */
  void unpacks() throws IOException {
    script(jdk.resolve("bin/jar"), "mkdir -p \"${@: -1}\"; touch \"${@: -1}/libonnxruntime.so\"");
  }

  void allPackagesInstalled() throws IOException {
    script(bin.resolve("dpkg-query"), "for name in \"${@:3}\"; do echo \"installed $name\"; done");
  }

  void noPackagesInstalled() throws IOException {
    script(bin.resolve("dpkg-query"), "exit 1");
    script(bin.resolve("gst-inspect-1.0"), "exit 1");
  }

  /** A machine without these, also where the real one has them: the launcher asks the shell. */
  void without(String... tools) throws IOException {
    hidden.addAll(List.of(tools));
    write(
        folder.resolve("hidden.sh"),
        "command() { case \" %s \" in *\" ${2:-} \"*) return 1 ;; esac; builtin command \"$@\"; }\n"
            .formatted(String.join(" ", hidden)));
  }

  /** Its package manager, with root's rights; what it is asked for is in {@link #asked()}. */
  void packageManager(String body) throws IOException {
    script(bin.resolve("sudo"), "[[ $1 == -v ]] || exec \"$@\"");
    script(bin.resolve("apt-cache"), "echo '  Candidate: 1.0'");
    // The last words that are no options: what is done, and with what.
    script(
        bin.resolve("apt-get"),
        "echo \"${@:5}\" >>'%s'\n%s".formatted(folder.resolve("asked"), body));
    // Whoever waits for a lock need not wait for long here.
    script(bin.resolve("sleep"), "exec /bin/sleep 0.01");
  }

  /** Its user may not become root. Root itself needs no rights, and then nothing is missing. */
  void noRights() throws IOException {
    script(bin.resolve("sudo"), "echo 'sudo: a password is required' >&2; exit 1");
  }

  /** What the package manager was asked for, one call a line, without its general options. */
  List<String> asked() throws IOException {
    return Files.readAllLines(folder.resolve("asked"));
  }

  /** A report as Surefire writes it. */
  void reports(String... testSuites) throws IOException {
    StringBuilder body = new StringBuilder("mkdir -p engine/target/surefire-reports\n");
    for (int i = 0; i < testSuites.length; i++) {
      body.append(
          "cat >engine/target/surefire-reports/TEST-%d.xml <<'XML'\n%s\nXML\n"
              .formatted(i, testSuites[i]));
    }
    maven(body.toString());
  }

  Result launch(String... arguments) throws IOException, InterruptedException {
    return launch(root.resolve("nightfuse"), arguments);
  }

  Result launch(Path launcher, String... arguments) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", bin + ":" + environment.get("PATH"));
    if (!hidden.isEmpty()) {
      environment.put("BASH_ENV", folder.resolve("hidden.sh").toString());
    }
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("LC_ALL", "C");
    environment.put("LANGUAGE", "de");
    environment.put("HOME", folder.resolve("no home").toString());
    environment.remove("NIGHTFUSE_JAVA_OPTS");
    environment.remove("GST_DEBUG");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the launcher hangs: " + Files.readString(err));
    }
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  long builds() throws IOException {
    Path counter = root.resolve("builds");
    return Files.exists(counter) ? Files.readAllLines(counter).size() : 0;
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/usr/bin/env bash\n" + body + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + file);
    }
  }
}
