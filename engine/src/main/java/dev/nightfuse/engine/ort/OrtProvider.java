package dev.nightfuse.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.GraphProbe;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.ModelPlanes;
import dev.nightfuse.engine.onnx.GraphCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime on the CPU. */
public final class OrtProvider implements EngineProvider {

  public static final String NAME = "onnxruntime";

  /** Weights and memory of a model that is opened twice are had twice. */
  private static final long MOST_TWICE_BYTES = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(OrtProvider.class);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability probe() {
    try {
      return Availability.yes("ONNX Runtime " + environment().getVersion() + " on the CPU");
    } catch (LinkageError | RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return Availability.no(
          "the native library of ONNX Runtime does not load on %s %s: %s"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  cause.getMessage()));
    }
  }

  @Override
  public FusionEngine open(ModelFile model, EngineOptions options) throws EngineException {
    ModelPlanes.of(model.manifest(), options);
    Availability here = probe();
    if (!here.available()) {
      throw new EngineException(here.detail());
    }
    String name = model.manifest().name();
    OrtSession session;
    try (OrtSession.SessionOptions settings = settings(options)) {
      session = environment().createSession(model.onnx().toString(), settings);
    } catch (OrtException e) {
      throw new EngineException(
          "ONNX Runtime refuses model %s (%s): %s".formatted(name, model.onnx(), e.getMessage()),
          e);
    }
    OrtSession fusedOnly = null;
    try {
      GraphPorts ports = GraphPorts.of(session, model.manifest(), options);
      fusedOnly = model.manifest().segments() ? withoutLabels(model, options) : null;
      OrtEngine engine =
          new OrtEngine(environment(), session, fusedOnly, ports, model.manifest(), options);
      LOG.debug("opened {} on {}", engine.spec(), here.detail());
      return engine;
    } catch (EngineException | OrtException | RuntimeException e) {
      OrtEngine.closeQuietly(session);
      OrtEngine.closeQuietly(fusedOnly);
      if (e instanceof EngineException known) {
        throw known;
      }
      throw new EngineException("cannot open model " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The model for those who want no labels; null where it is too large to have twice or cannot be
   * had from one file's bytes, as with weights in files of their own.
   */
  private static @Nullable OrtSession withoutLabels(ModelFile model, EngineOptions options) {
    try (OrtSession.SessionOptions settings = settings(options)) {
      byte[] cut =
          Files.size(model.onnx()) > MOST_TWICE_BYTES
              ? null
              : GraphCut.keeping(Set.of(ModelManifest.FUSED_Y), Files.readAllBytes(model.onnx()));
      return cut == null ? null : environment().createSession(cut, settings);
    } catch (OrtException | IOException e) {
      LOG.info(
          "model {} computes labels always, it does not open without: {}",
          model.manifest().name(),
          e.getMessage());
      return null;
    }
  }

  /** Looks into graphs whose outputs are numbers. */
  public static GraphProbe look(Path onnx) throws EngineException {
    return new OrtProbe(environment(), onnx);
  }

  /**
   * Spinning is off because the encoder and the servers need the cores that idle workers would
   * burn; denormals are zero because near-black pictures make them and they are slow.
   */
  private static OrtSession.SessionOptions settings(EngineOptions options) throws OrtException {
    OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
    settings.setIntraOpNumThreads(options.threads());
    settings.setInterOpNumThreads(1);
    settings.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    settings.addConfigEntry("session.intra_op.allow_spinning", "0");
    settings.addConfigEntry("session.set_denormal_as_zero", "1");
    return settings;
  }

  /**
   * The one environment of the process. The Java binding cannot hand its messages to a logger and
   * prints them to standard error, so only fatal ones are left on; errors arrive as exceptions.
   */
  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "nightfuse");
  }
}
