package dev.nightfuse.training.torch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bytedeco.javacpp.Loader;

/** libtorch is published for Linux on x86-64; elsewhere its tests are skipped. */
public final class Natives {

  private Natives() {}

  public static void assumeHere() {
    assumeTrue(
        Loader.getPlatform().equals("linux-x86_64"),
        "libtorch is not published for " + Loader.getPlatform());
    TorchDevice.useThreads(1);
  }
}
