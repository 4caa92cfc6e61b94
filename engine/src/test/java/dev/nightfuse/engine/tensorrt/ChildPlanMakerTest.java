package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelPlanes;
import dev.nightfuse.engine.Plane;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parent's half against {@link Pretender}, the child's half against this machine. */
final class ChildPlanMakerTest {

  @TempDir Path folder;

  private final List<Double> fractions = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);

  private final BuildListener listener =
      new BuildListener() {
        @Override
        public void progress(double fraction, String phase) {
          fractions.add(fraction);
          begun.countDown();
        }

        @Override
        public void said(String line) {
          said.add(line);
        }
      };

  private Path target() {
    return folder.resolve("the.plan");
  }

  private PlanRequest request(String behaviour) {
    return new PlanRequest(
        "night-net",
        folder.resolve(behaviour),
        new PlanShape(
            new ModelPlanes(
                List.of(new Plane("visible_y", 64, 48)), List.of(new Plane("fused_y", 64, 48))),
            4),
        new TensorRtFiles(folder.resolve("lib.so"), folder.resolve("parser.so"), List.of()),
        FakeTensorRt.GPU,
        folder.resolve("timing"));
  }

  private void make(String behaviour) throws EngineException, InterruptedException {
    new ChildPlanMaker(folder.resolve("natives"), Pretender.class.getName())
        .make(request(behaviour), target(), listener);
  }

  private String failure(String behaviour) {
    EngineException e = assertThrows(EngineException.class, () -> make(behaviour));
    assertFalse(Files.exists(target()), "half a plan was left");
    return e.getMessage();
  }

  @Test
  void make_childBuilds_givesPlanProgressAndWords() throws Exception {
    make("good");

    assertEquals("profiles 2, LD_LIBRARY_PATH true", Files.readString(target()));
    assertEquals(List.of(0.0, 0.5, 1.0, 1.0), fractions);
    assertEquals(List.of("TensorRT pretends"), said);
  }

  @Test
  void make_childFails_givesItsReason() {
    assertEquals("no TensorRT plan of model night-net: no kernel for Conv_7", failure("failing"));
  }

  @Test
  void make_childDies_givesItsLastWordsAndCode() {
    String message = failure("dying");

    assertTrue(message.contains("ended with code 42"), message);
    assertTrue(message.contains("terminate called after throwing"), message);
  }

  @Test
  void make_childWritesNothing_isAnError() {
    assertTrue(failure("lying").contains("is empty"));
  }

  @Test
  void make_interrupted_endsTheChild() throws Exception {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread builder =
        new Thread(
            () -> {
              try {
                make("hanging");
              } catch (EngineException | InterruptedException e) {
                outcome.set(e);
              }
            });
    builder.start();
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    builder.interrupt();
    builder.join(60_000);

    assertInstanceOf(InterruptedException.class, outcome.get());
    assertFalse(Files.exists(target()));
    assertEquals("told to stop", Files.readString(folder.resolve("hanging.end")));
  }

  @Test
  void realChild_noDriver_saysSo() {
    org.junit.jupiter.api.Assumptions.assumeFalse(
        CudaNative.UNUSABLE.isEmpty(), "there is a driver here");
    EngineException e =
        assertThrows(
            EngineException.class,
            () ->
                new ChildPlanMaker(folder.resolve("natives"))
                    .make(request("any"), target(), listener));

    assertEquals("no TensorRT plan of model night-net: " + CudaNative.UNUSABLE, e.getMessage());
  }

  /** A building process that builds nothing, and in the way that its order's graph is called. */
  static final class Pretender {
    public static void main(String[] args) throws IOException {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      BuildOrder order = BuildOrder.parse(lines);
      System.out.println("a library prints this");
      reply(BuildReply.Kind.SAY, 0, "TensorRT pretends");
      reply(BuildReply.Kind.PHASE, 2, "Building");
      switch (order.onnx().getFileName().toString()) {
        case "good" -> {
          reply(BuildReply.Kind.STEP, 0, "Building");
          reply(BuildReply.Kind.STEP, 1, "Building");
          String path = String.valueOf(System.getenv("LD_LIBRARY_PATH"));
          Files.writeString(
              order.target(),
              "profiles %d, LD_LIBRARY_PATH %s"
                  .formatted(
                      order.profiles().size(),
                      path.startsWith(order.runtime().getParent().toString())));
          reply(BuildReply.Kind.DONE, 0, "");
        }
        case "failing" -> {
          Files.writeString(order.target(), "half");
          reply(BuildReply.Kind.FAILED, 0, "no kernel for Conv_7");
        }
        case "dying" -> {
          System.err.println("terminate called after throwing an instance of 'APIUsageError'");
          Runtime.getRuntime().halt(42);
        }
        case "lying" -> reply(BuildReply.Kind.DONE, 0, "");
        default -> {
          while (in.readLine() != null) {
            // Waits for the end of the input.
          }
          Files.writeString(order.onnx().resolveSibling("hanging.end"), "told to stop");
        }
      }
    }

    private static void reply(BuildReply.Kind kind, int number, String text) {
      System.out.println(new BuildReply(kind, number, text).line());
    }
  }
}
