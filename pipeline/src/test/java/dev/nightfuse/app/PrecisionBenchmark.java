package dev.nightfuse.app;

import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ort.OrtProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Speed and error of models against the first one, one thread: {@code PrecisionBenchmark
 * MODEL,MODEL... DIR [RUNS]}, DIR with pictures of one size in {@code visible/} and {@code
 * infrared/}. Models take turns pair by pair, so that whatever else the machine does meets all of
 * them: the ratio is worth more than the milliseconds.
 */
final class PrecisionBenchmark {

  private PrecisionBenchmark() {}

  /** A model, its outputs for the pair at hand, and its figures. */
  private static final class Runner {
    final String name;
    final FusionEngine engine;
    final ByteBuffer fused;
    final @Nullable ByteBuffer labels;
    final double[] ms;
    double psnrSum;
    double psnrWorst = Double.POSITIVE_INFINITY;
    double equalSum;

    Runner(String name, int width, int height, int runs) throws Exception {
      this.name = name;
      ModelFile model = Nightfuse.models(Places.of(System.getenv())).resolve(name, width, height);
      engine = new OrtProvider().open(model, new EngineOptions(width, height, 1, 1));
      EngineSpec spec = engine.spec();
      fused = PaddedPlane.direct(width * height);
      labels =
          spec.segments() ? PaddedPlane.direct(spec.labelWidthPx() * spec.labelHeightPx()) : null;
      ms = new double[runs];
    }

    double fuse(Pair pair) throws Exception {
      FusionBatch batch = new FusionBatch(1);
      batch.add(pair.y, pair.u, pair.v, pair.infrared, fused, labels);
      long start = System.nanoTime();
      engine.fuse(batch);
      return (System.nanoTime() - start) / 1e6;
    }

    void compare(Runner reference) {
      double psnr = psnr(fused, reference.fused);
      psnrSum += psnr;
      psnrWorst = Math.min(psnrWorst, psnr);
      equalSum += labels == null || reference.labels == null ? 1 : equal(labels, reference.labels);
    }
  }

  /** Planes of a pair. */
  private record Pair(ByteBuffer y, ByteBuffer u, ByteBuffer v, ByteBuffer infrared) {
    static Pair read(ImagePairs.Pair files) throws Exception {
      Picture visible = Picture.read(files.visible());
      int pixels = visible.widthPx() * visible.heightPx();
      int chroma = (visible.widthPx() + 1) / 2 * ((visible.heightPx() + 1) / 2);
      Pair pair =
          new Pair(
              PaddedPlane.direct(pixels),
              PaddedPlane.direct(chroma),
              PaddedPlane.direct(chroma),
              PaddedPlane.direct(pixels));
      visible.limitedLuma(pair.y);
      visible.chroma(pair.u, pair.v);
      Picture.read(files.infrared()).luma(pair.infrared);
      return pair;
    }
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    List<ImagePairs.Pair> files =
        ImagePairs.ofFolders(folder.resolve("visible"), folder.resolve("infrared"));
    Picture first = Picture.read(files.get(0).visible());
    int runs = args.length > 2 ? Integer.parseInt(args[2]) : 200;
    List<Runner> runners = new ArrayList<>();
    for (String name : args[0].split(",", -1)) {
      runners.add(new Runner(name, first.widthPx(), first.heightPx(), runs));
    }
    Runner reference = runners.get(0);
    for (ImagePairs.Pair file : files) {
      Pair pair = Pair.read(file);
      for (Runner runner : runners) {
        runner.fuse(pair);
        runner.compare(reference);
      }
    }
    Pair pair = Pair.read(files.get(0));
    for (int run = 0; run < runs; run++) {
      for (Runner runner : runners) {
        runner.ms[run] = runner.fuse(pair);
      }
    }
    for (Runner runner : runners) {
      double[] ratios = new double[runs];
      for (int run = 0; run < runs; run++) {
        ratios[run] = reference.ms[run] / runner.ms[run];
      }
      Arrays.sort(ratios);
      double[] ms = runner.ms.clone();
      Arrays.sort(ms);
      System.out.printf(
          Locale.ROOT,
          "%-20s fastest %.2f ms, p10 %.2f ms, median %.2f ms, ratio %.2f;"
              + " fused %.1f dB (worst %.1f dB), labels equal %.2f %% of %d pairs%n",
          runner.name,
          ms[0],
          ms[runs / 10],
          ms[runs / 2],
          ratios[runs / 2],
          runner.psnrSum / files.size(),
          runner.psnrWorst,
          100 * runner.equalSum / files.size(),
          files.size());
      runner.engine.close();
    }
  }

  private static double psnr(ByteBuffer a, ByteBuffer b) {
    double squares = 0;
    for (int i = 0; i < a.capacity(); i++) {
      double difference = (a.get(i) & 0xff) - (b.get(i) & 0xff);
      squares += difference * difference;
    }
    return 10 * Math.log10(255.0 * 255 * a.capacity() / squares);
  }

  private static double equal(ByteBuffer a, ByteBuffer b) {
    int same = 0;
    for (int i = 0; i < a.capacity(); i++) {
      same += a.get(i) == b.get(i) ? 1 : 0;
    }
    return (double) same / a.capacity();
  }
}
