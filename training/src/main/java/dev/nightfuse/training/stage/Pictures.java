package dev.nightfuse.training.stage;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What networks are fed and measured on, from what cameras give. */
final class Pictures {

  private static final double[] LUMA = {0.299, 0.587, 0.114};
  private static final double[] IMAGENET_MEAN = {0.485, 0.456, 0.406};
  private static final double[] IMAGENET_DEVIATION = {0.229, 0.224, 0.225};

  private Pictures() {}

  /** {@code [N, 3, H, W]} RGB as {@code [N, 1, H, W]} luma (BT.601). */
  static Tensor luma(Tensor rgb) {
    return rgb.mul(channels(rgb, LUMA)).sum(new long[] {1}, true, null);
  }

  /** One plane as the three of an ImageNet network's input. */
  static Tensor imagenet(Tensor plane) {
    Tensor three = torch.cat(new TensorVector(plane, plane, plane), 1);
    return three.sub(channels(plane, IMAGENET_MEAN)).div(channels(plane, IMAGENET_DEVIATION));
  }

  /** The luma of a picture in such units, 0 to 1 where the picture is one. */
  static Tensor imagenetLuma(Tensor picture) {
    return luma(
        picture.mul(channels(picture, IMAGENET_DEVIATION)).add(channels(picture, IMAGENET_MEAN)));
  }

  private static Tensor channels(Tensor like, double... values) {
    return Tensor.create(values, 1, values.length, 1, 1).to(like.device(), like.scalar_type());
  }
}
