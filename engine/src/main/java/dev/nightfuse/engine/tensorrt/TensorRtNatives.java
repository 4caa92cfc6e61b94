package dev.nightfuse.engine.tensorrt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * Loads TensorRT and its Java glue by hand. The presets' own loading also wants the CUDA toolkit,
 * cuBLAS, cuDNN and NVRTC, none of which TensorRT links.
 *
 * <p>Only after the driver was found to work: see {@link GpuDriver}.
 */
final class TensorRtNatives {

  /** Read by JavaCPP before it loads anything; holds for the whole process. */
  private static final String NO_OWN_LOADING = "org.bytedeco.javacpp.loadlibraries";

  private TensorRtNatives() {}

  /**
   * @param folder where the glue is kept, under names that tell its content: loading it again in
   *     this process loads nothing
   * @throws GpuException when a library does not load; names it and what the system says
   */
  static void load(TensorRtFiles files, Path folder) throws GpuException {
    System.setProperty(NO_OWN_LOADING, "false");
    load(files.runtime());
    load(files.parser());
    String platform =
        System.getProperty("os.arch", "").equals("aarch64") ? "linux-arm64" : "linux-x86_64";
    for (String resource :
        List.of(
            "/org/bytedeco/javacpp/%s/libjnijavacpp.so",
            "/org/bytedeco/tensorrt/%s/libjninvinfer.so",
            "/org/bytedeco/tensorrt/%s/libjninvonnxparser.so")) {
      load(extracted(resource.formatted(platform), folder));
    }
  }

  static void load(Path library) throws GpuException {
    try {
      System.load(library.toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError e) {
      throw new GpuException("%s does not load: %s".formatted(library, e.getMessage()));
    }
  }

  private static Path extracted(String resource, Path folder) throws GpuException {
    try (InputStream in = TensorRtNatives.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new GpuException("the program was packed without " + resource);
      }
      byte[] bytes = in.readAllBytes();
      String name = resource.substring(resource.lastIndexOf('/') + 1);
      Path home = Files.createDirectories(folder.resolve("%08x".formatted(Arrays.hashCode(bytes))));
      Path library = home.resolve(name);
      if (!Files.exists(library) || Files.size(library) != bytes.length) {
        Path work = Files.createTempFile(home, "writing-", ".so");
        Files.write(work, bytes);
        Files.move(
            work, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      return library;
    } catch (IOException e) {
      throw new GpuException(
          "cannot keep %s in %s: %s".formatted(resource, folder, e.getMessage()));
    }
  }
}
