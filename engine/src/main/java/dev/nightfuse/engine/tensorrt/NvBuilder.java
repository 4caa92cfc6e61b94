package dev.nightfuse.engine.tensorrt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.global.nvinfer.BuilderFlag;
import org.bytedeco.tensorrt.global.nvinfer.MemoryPoolType;
import org.bytedeco.tensorrt.global.nvinfer.NetworkDefinitionCreationFlag;
import org.bytedeco.tensorrt.global.nvinfer.OptProfileSelector;
import org.bytedeco.tensorrt.global.nvonnxparser;
import org.bytedeco.tensorrt.global.nvonnxparser.OnnxParserFlag;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IOptimizationProfile;
import org.bytedeco.tensorrt.nvinfer.ITimingCache;
import org.bytedeco.tensorrt.nvonnxparser.IParser;

/**
 * Builds one plan, in the process that was started for it and ends with it: nothing that TensorRT
 * makes here is freed by hand.
 */
final class NvBuilder {

  /** Activations and scratch memory while kernels are tried; a share of the GPU's memory. */
  private static final int WORKSPACE_SHARE = 4;

  private static final long MOST_WORKSPACE_BYTES = 8L << 30;

  /** NVIDIA's default; higher levels try more kernels and take longer. */
  private static final int OPTIMISATION_LEVEL = 3;

  private final BuildOrder order;
  private final NvLog log;
  private final NvProgress progress;
  private final Consumer<String> said;

  NvBuilder(BuildOrder order, NvLog log, NvProgress progress, Consumer<String> said) {
    this.order = order;
    this.log = log;
    this.progress = progress;
    this.said = said;
  }

  /** The driver works and TensorRT is loaded. */
  void build(GpuDevice gpu) throws GpuException, IOException {
    IBuilder builder = nvinfer.createInferBuilder(log);
    require(builder, "TensorRT makes no builder");
    // Set, not or-ed by number: the flag's value differs between versions.
    INetworkDefinition network =
        builder.createNetworkV2(1 << NetworkDefinitionCreationFlag.kSTRONGLY_TYPED.value);
    require(network, "TensorRT makes no network");
    IParser parser = nvonnxparser.createParser(network, log);
    require(parser, "TensorRT makes no parser");
    // TensorRT's own layer, which a plugin library would have to be loaded for otherwise.
    parser.setFlag(OnnxParserFlag.kNATIVE_INSTANCENORM);
    // 2: warnings. By name, so that large weights are read by TensorRT itself.
    if (!parser.parseFromFile(order.onnx().toString(), 2)) {
      throw new GpuException("TensorRT does not read the graph: " + errors(parser));
    }
    IBuilderConfig config = builder.createBuilderConfig();
    require(config, "TensorRT makes no configuration");
    configure(builder, network, config, gpu);
    ITimingCache timing = timingCache(config);
    IHostMemory plan = builder.buildSerializedNetwork(network, config);
    require(plan, "TensorRT builds no plan");
    write(plan, order.target());
    keep(timing);
  }

  private void configure(
      IBuilder builder, INetworkDefinition network, IBuilderConfig config, GpuDevice gpu)
      throws GpuException {
    config.setMemoryPoolLimit(
        MemoryPoolType.kWORKSPACE,
        Math.min(MOST_WORKSPACE_BYTES, gpu.memoryBytes() / WORKSPACE_SHARE));
    config.setBuilderOptimizationLevel(OPTIMISATION_LEVEL);
    // What a graph calls FP32 is computed in FP32, not in the shorter TF32.
    config.clearFlag(BuilderFlag.kTF32);
    config.setProgressMonitor(progress.monitor());
    boolean dynamic = false;
    for (int i = 0; i < network.getNbInputs(); i++) {
      for (long side : NvPointers.sizes(network.getInput(i).getDimensions())) {
        dynamic |= side < 0;
      }
    }
    if (!dynamic) {
      said.accept("the graph has a fixed batch");
      return;
    }
    for (PlanShape.Range range : order.profiles()) {
      IOptimizationProfile profile = builder.createOptimizationProfile();
      require(profile, "TensorRT makes no profile");
      boolean good = true;
      for (BuildOrder.Input input : order.inputs()) {
        good &= set(profile, input, OptProfileSelector.kMIN, range.from());
        good &= set(profile, input, OptProfileSelector.kOPT, range.to());
        good &= set(profile, input, OptProfileSelector.kMAX, range.to());
      }
      if (!good || !profile.isValid() || config.addOptimizationProfile(profile) < 0) {
        throw new GpuException(
            "TensorRT refuses batches from %d to %d: %s"
                .formatted(range.from(), range.to(), log.takeErrors()));
      }
    }
  }

  private static boolean set(
      IOptimizationProfile profile, BuildOrder.Input input, OptProfileSelector which, int batch) {
    return profile.setDimensions(
        input.name(), which, NvPointers.dims(batch, 1, input.heightPx(), input.widthPx()));
  }

  /** A cache of another version or GPU is refused by TensorRT, and begun anew. */
  private ITimingCache timingCache(IBuilderConfig config) throws IOException, GpuException {
    byte[] old = new byte[0];
    if (Files.exists(order.timingCache())) {
      old = Files.readAllBytes(order.timingCache());
    }
    // TensorRT copies it.
    try (BytePointer bytes = new BytePointer(Math.max(1, old.length))) {
      bytes.put(old, 0, old.length);
      ITimingCache cache = config.createTimingCache(bytes, old.length);
      boolean taken = !NvPointers.isNull(cache) && config.setTimingCache(cache, false);
      if (!taken) {
        said.accept("measured kernels of earlier builds do not fit and are measured again");
        cache = config.createTimingCache(bytes, 0);
        require(cache, "TensorRT makes no timing cache");
        config.setTimingCache(cache, false);
      }
      return cache;
    }
  }

  private void keep(ITimingCache timing) throws IOException {
    IHostMemory memory = timing.serialize();
    if (!NvPointers.isNull(memory)) {
      // Another model may be built at the same time, and writes the same file.
      Path folder = order.timingCache().toAbsolutePath().getParent();
      Path work = Files.createTempFile(folder, "timing-", ".new");
      try {
        write(memory, work);
        Files.move(
            work,
            order.timingCache(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(work);
      }
    }
  }

  private static void write(IHostMemory memory, Path file) throws IOException {
    long sizeBytes = memory.size();
    long address = memory.data().address();
    com.sun.jna.Pointer bytes = new com.sun.jna.Pointer(address);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      // In pieces: a plan may be larger than one buffer.
      for (long at = 0; at < sizeBytes; ) {
        long piece = Math.min(1 << 28, sizeBytes - at);
        ByteBuffer part = bytes.getByteBuffer(at, piece);
        while (part.hasRemaining()) {
          out.write(part);
        }
        at += piece;
      }
    }
  }

  private void require(org.bytedeco.javacpp.Pointer made, String otherwise) throws GpuException {
    if (NvPointers.isNull(made)) {
      throw new GpuException(otherwise + ": " + log.takeErrors());
    }
  }

  private static String errors(IParser parser) {
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < parser.getNbErrors(); i++) {
      errors.add(parser.getError(i).desc());
    }
    return errors.isEmpty() ? "no reason given" : String.join("; ", errors);
  }
}
