package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.GroundTruth;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.imageio.ImageIO;

/**
 * Writes PNGs of the scene to look at: {@code Pictures OUT_DIR ADDRESS SECONDS...} gives one
 * montage per time: visible, infrared, and both class maps.
 */
final class Pictures {

  private static final int[] PALETTE = {
    0x000000, 0x4080FF, 0xFF4040, 0xFFC040, 0x40FF40, 0xC040FF, 0x40FFFF, 0xFF8000, 0xFFFF40
  };

  private Pictures() {}

  public static void main(String[] args) throws Exception {
    File folder = new File(args[0]);
    folder.mkdirs();
    SimulatedOptions options = SimulatedOptions.parse(CameraUri.parse(args[1]));
    for (int i = 2; i < args.length; i++) {
      double second = Double.parseDouble(args[i]);
      BufferedImage sheet =
          new BufferedImage(options.width() * 2, options.height() * 2, BufferedImage.TYPE_INT_RGB);
      for (Modality modality : Modality.values()) {
        CameraView view = new CameraView(options, modality);
        Frame frame = Objects.requireNonNull(new FramePool(view.format(), 1).tryBorrow());
        view.render(frame, Math.round(second * 30), (long) (second * 1e9));
        int x = modality == Modality.VISIBLE ? 0 : options.width();
        sheet.getGraphics().drawImage(picture(frame), x, 0, null);
        sheet.getGraphics().drawImage(classes(frame), x, options.height(), null);
      }
      ImageIO.write(sheet, "png", new File(folder, "t%07.2f.png".formatted(second)));
    }
  }

  static BufferedImage picture(Frame frame) {
    int w = frame.format().widthPx();
    int h = frame.format().heightPx();
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int luma = frame.plane(0).get(y * w + x) & 0xFF;
        int rgb = luma << 16 | luma << 8 | luma;
        if (frame.format().pixelFormat().planes() == 3) {
          int at = (y / 2) * (w / 2) + x / 2;
          double l = 1.164 * (luma - 16);
          double cb = (frame.plane(1).get(at) & 0xFF) - 128;
          double cr = (frame.plane(2).get(at) & 0xFF) - 128;
          rgb =
              clip(l + 1.596 * cr) << 16
                  | clip(l - 0.391 * cb - 0.813 * cr) << 8
                  | clip(l + 2.018 * cb);
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  static BufferedImage classes(Frame frame) {
    GroundTruth truth = frame.truth();
    int w = frame.format().widthPx();
    int h = frame.format().heightPx();
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    if (truth != null) {
      ByteBuffer map = truth.classMap();
      for (int i = 0; i < w * h; i++) {
        image.setRGB(i % w, i / w, PALETTE[map.get(i)]);
      }
    }
    return image;
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, value));
  }
}
