package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.GraphProbe;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.onnx.ActivationRanges;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a checkpoint makes of pairs of pictures, of any sizes; the graph is written anew
 * when the size changes. One thread; must be closed.
 */
public final class Calibrator implements AutoCloseable {

  private final Path checkpoint;
  private final Network network;
  private final GraphProbe.Opener probes;
  private final Map<String, RangeMeter> meters = new HashMap<>();
  private @Nullable GraphProbe probe;
  private int widthPx;
  private int heightPx;
  private int pairs;

  /**
   * @throws EngineException when there is no INT8 form of this network
   */
  public Calibrator(Path checkpoint, Network network, GraphProbe.Opener probes)
      throws EngineException {
    network.requireBytes();
    this.checkpoint = checkpoint;
    this.network = network;
    this.probes = probes;
  }

  /**
   * Measures one pair.
   *
   * @param planes direct buffers by the names of the model file contract
   * @throws EngineException when checkpoint and network do not fit, or the graph does not run
   */
  public void add(int width, int height, Map<String, ByteBuffer> planes)
      throws EngineException, IOException {
    GraphProbe current = probe;
    if (current == null || width != widthPx || height != heightPx) {
      close();
      current = open(width, height);
      probe = current;
      widthPx = width;
      heightPx = height;
    }
    current.run(
        planes,
        (point, numbers) -> meters.computeIfAbsent(point, unused -> new RangeMeter()).add(numbers));
    pairs++;
  }

  private GraphProbe open(int width, int height) throws EngineException, IOException {
    Path onnx = Files.createTempFile("calibrate-", ".onnx");
    try (WeightsFile file = WeightsFile.open(checkpoint);
        FileChannel out = FileChannel.open(onnx, StandardOpenOption.WRITE)) {
      FittedWeights source = FittedWeights.open(file, ImportOptions.of(network, width, height));
      OnnxOps graph = source.record(source.options().withBatch(1));
      graph.observe();
      graph.write(network.id(), out);
      return probes.open(onnx);
    } finally {
      Files.delete(onnx);
    }
  }

  /**
   * What was measured so far.
   *
   * @throws IllegalStateException before the first pair
   * @throws EngineException when the checkpoint can no longer be read
   */
  public Int8Calibration result() throws EngineException {
    if (pairs == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    Map<String, ActivationRanges.Range> ranges = new HashMap<>();
    meters.forEach((point, meter) -> ranges.put(point, meter.best()));
    return new Int8Calibration(
        network, ModelFile.sha256(checkpoint), pairs, new ActivationRanges(ranges));
  }

  @Override
  public void close() {
    if (probe != null) {
      probe.close();
      probe = null;
    }
  }
}
