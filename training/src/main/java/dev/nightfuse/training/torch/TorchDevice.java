package dev.nightfuse.training.torch;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.settings.TrainException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Where tensors live: the processor or a CUDA device. */
public enum TorchDevice {
  CPU,
  CUDA;

  /**
   * Before anything is computed: so many threads, and convolutions by oneDNN. NNPACK would be asked
   * for some, and on a processor that it does not know it says so with every call.
   *
   * @throws TrainException when there are none
   */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new TrainException("--threads is %d; 1 or more are allowed".formatted(threads));
    }
    torch.set_num_threads(threads);
    torch.globalContext().setUserEnabledNNPACK(false);
  }

  /**
   * @throws IllegalStateException when this libtorch has no such device
   */
  public TorchDevice require() {
    if (this == CUDA && !torch.hasCUDA()) {
      throw new IllegalStateException(
          "no CUDA device, or a libtorch without CUDA: a line"
              + " -Dpytorch.classifier=linux-x86_64-gpu in .mvn/maven.config takes one with it");
    }
    return this;
  }

  /** Float32, row-major. */
  public Tensor tensor(float[] values, Shape shape) {
    return moved(Tensor.create(values, dims(shape)));
  }

  /** Bytes as numbers from 0 to 1, float32. */
  public Tensor unit(byte[] values, Shape shape) {
    return moved(Tensor.create(values, false, dims(shape)).to(torch.ScalarType.Float))
        .mul(new Scalar(1 / 255.0));
  }

  /** Class numbers as indices. */
  public Tensor indices(byte[] values, Shape shape) {
    return moved(Tensor.create(values, false, dims(shape)).to(torch.ScalarType.Long));
  }

  private Tensor moved(Tensor host) {
    return this == CPU ? host : host.to(new Device("cuda"), host.scalar_type());
  }

  /** A copy of float32 values, row-major. */
  public static float[] floats(Tensor tensor) {
    Tensor host = tensor.detach().cpu().contiguous();
    FloatBuffer buffer = host.createBuffer();
    float[] values = new float[Math.toIntExact(host.numel())];
    buffer.get(values);
    return values;
  }

  static long[] dims(Shape shape) {
    return Arrays.stream(shape.toArray()).asLongStream().toArray();
  }
}
