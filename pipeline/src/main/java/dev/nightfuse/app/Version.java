package dev.nightfuse.app;

import picocli.CommandLine.IVersionProvider;

/** The program's version, from the manifest of its jar. */
final class Version implements IVersionProvider {

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "nightfuse " + text(),
      "Java %s (%s)".formatted(Runtime.version(), System.getProperty("java.vm.name", "?"))
    };
  }
}
