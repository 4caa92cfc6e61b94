package dev.nightfuse.app;

import dev.nightfuse.config.EngineConfig;
import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.fusion.EngineOpener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the configured engine. Another backend is used only where the configuration's fallback list
 * names it, and that is logged. Safe for every thread.
 */
final class Engines implements EngineOpener {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private final EngineConfig config;
  private final ModelStore models;
  private final List<EngineProvider> providers;
  private final boolean pictures;

  /** For video. */
  Engines(EngineConfig config, ModelStore models, List<EngineProvider> providers) {
    this(config, models, providers, false);
  }

  private Engines(
      EngineConfig config, ModelStore models, List<EngineProvider> providers, boolean pictures) {
    this.config = config;
    this.models = models;
    this.providers = List.copyOf(providers);
    this.pictures = pictures;
  }

  /** For pictures from files. */
  static Engines forPictures(
      EngineConfig config, ModelStore models, List<EngineProvider> providers) {
    return new Engines(config, models, providers, true);
  }

  /**
   * Looks, without opening anything, whether an engine can be had.
   *
   * @throws UserErrorException when neither the backend nor a fallback is available; says why for
   *     each
   */
  void check() throws UserErrorException {
    List<String> reasons = new ArrayList<>();
    for (EngineProvider provider : candidates()) {
      Availability availability = provider.probe();
      if (availability.available()) {
        reasons.forEach(reason -> LOG.warn("{}; the fallback {} is used", reason, provider.name()));
        return;
      }
      reasons.add(
          "engine %s is not available: %s".formatted(provider.name(), availability.detail()));
    }
    throw new UserErrorException(ExitCode.UNAVAILABLE, String.join("\n", reasons));
  }

  @Override
  public FusionEngine open(int widthPx, int heightPx, int maxBatch) throws EngineException {
    return open(new EngineOptions(widthPx, heightPx, maxBatch, config.threads()), false);
  }

  /**
   * As {@link #open}, but while an engine would have to be prepared for minutes, the next of the
   * fallback list that is ready runs, and is replaced then. Not for files, whose pictures should
   * all be one engine's.
   */
  FusionEngine openLive(int widthPx, int heightPx, int maxBatch) throws EngineException {
    return open(new EngineOptions(widthPx, heightPx, maxBatch, config.threads()), true);
  }

  private FusionEngine open(EngineOptions options, boolean live) throws EngineException {
    List<String> reasons = new ArrayList<>();
    try {
      ModelFile model = model(options.widthPx(), options.heightPx());
      List<EngineProvider> candidates = candidates();
      for (int i = 0; i < candidates.size(); i++) {
        EngineProvider provider = candidates.get(i);
        List<EngineProvider> others = candidates.subList(i + 1, candidates.size());
        try {
          FusionEngine meanwhile =
              live && !provider.prepared(model, options) ? ready(others, model, options) : null;
          FusionEngine engine =
              meanwhile == null
                  ? provider.open(model, options)
                  : standIn(meanwhile, provider, model, options);
          reasons.forEach(LOG::warn);
          return engine;
        } catch (EngineException e) {
          reasons.add("engine %s: %s".formatted(provider.name(), e.getMessage()));
        }
      }
    } catch (UserErrorException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
    throw new EngineException(String.join("\n", reasons));
  }

  /** The first of these that runs at once; null when none does. */
  private static @Nullable FusionEngine ready(
      List<EngineProvider> providers, ModelFile model, EngineOptions options) {
    for (EngineProvider provider : providers) {
      try {
        if (provider.prepared(model, options)) {
          return provider.open(model, options);
        }
      } catch (EngineException e) {
        LOG.warn("engine {} cannot stand in: {}", provider.name(), e.getMessage());
      }
    }
    return null;
  }

  private static FusionEngine standIn(
      FusionEngine meanwhile, EngineProvider provider, ModelFile model, EngineOptions options) {
    LOG.info(
        "engine {} is prepared for this machine first, which takes minutes; {} runs meanwhile",
        provider.name(),
        meanwhile.spec().backend());
    return new StandInEngine(meanwhile, provider.name(), () -> provider.open(model, options));
  }

  private ModelFile model(int widthPx, int heightPx) throws EngineException {
    return pictures
        ? models.resolveForPictures(config.model(), widthPx, heightPx)
        : models.resolve(config.model(), widthPx, heightPx);
  }

  private List<EngineProvider> candidates() throws UserErrorException {
    List<EngineProvider> candidates = new ArrayList<>();
    candidates.add(provider(config.backend()));
    for (String name : config.fallback()) {
      candidates.add(provider(name));
    }
    return candidates;
  }

  private EngineProvider provider(String name) throws UserErrorException {
    for (EngineProvider provider : providers) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    throw new UserErrorException(
        ExitCode.CONFIG,
        "engine backend \"%s\" is not known; allowed: %s"
            .formatted(
                name,
                providers.stream().map(EngineProvider::name).collect(Collectors.joining(", "))));
  }
}
