package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.nightnet.NightNet;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Networks whose checkpoints can be imported. Weights of the first two, our own, are shipped. */
public enum Network {
  NIGHTNET_M(
      "fuses and segments 9 classes in real time on two processor cores; ours",
      "ours, as this project; trained on MSRS, RoadScene, FLIR and M3SVD pairs, see docs/models/nightnet.md"),
  NIGHTNET_S(
      "the same at less than half of the cost",
      "ours, as this project; trained on MSRS, RoadScene and FLIR pairs, see docs/models/nightnet.md"),
  MAFS(
      "fuses and segments; two ResNet-152, attention and a flow decoder (arXiv 2509.11817)",
      "weights are not published; code Apache-2.0, one file of it CC BY-NC 4.0"),
  MAEFUSE(
      "fuses; masked autoencoder ViT-L and an attention merge (arXiv 2404.11016)",
      "no licence stated; the encoder is MAE's, CC BY-NC 4.0"),
  SEAFUSION(
      "fuses; small gradient residual dense network (Information Fusion 2022)",
      "MIT, copyright 2023 Linfeng Tang, as filed with a copy of the code; trained on MSRS"),
  MFNET(
      "segments 9 classes; small RGB-T encoder-decoder (IROS 2017)",
      "no licence stated: do not redistribute the weights");

  private final String summary;
  private final String licence;

  Network(String summary, String licence) {
    this.summary = summary;
    this.licence = licence;
  }

  /** The name on the command line and in model names. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String summary() {
    return summary;
  }

  /** Licence of the published weights, as far as their authors state one. */
  public String licence() {
    return licence;
  }

  public boolean fuses() {
    return this != MFNET;
  }

  public boolean segments() {
    return this == MAFS || this == MFNET || nightNet() != null;
  }

  /** Pixels per side of a label. */
  int labelScale() {
    return nightNet() == null ? 1 : NightNet.LABEL_SCALE;
  }

  /** Our own network in the size that is meant; null for others. */
  @Nullable NightNet nightNet() {
    return switch (this) {
      case NIGHTNET_M -> NightNet.MEDIUM;
      case NIGHTNET_S -> NightNet.SMALL;
      default -> null;
    };
  }

  /**
   * @throws EngineException when INT8 was not measured for this network
   */
  void requireBytes() throws EngineException {
    if (nightNet() == null) {
      throw new EngineException(id() + " has no INT8 form; nightnet-m and nightnet-s have");
    }
  }

  /** Whether the network reads colour, and so the chroma planes. */
  boolean colour() {
    return segments();
  }

  /**
   * @throws EngineException when there is no such network; names those that are
   */
  public static Network byId(String id) throws EngineException {
    for (Network network : values()) {
      if (network.id().equals(id.toLowerCase(Locale.ROOT))) {
        return network;
      }
    }
    throw new EngineException(
        "no network \"%s\"; allowed: %s"
            .formatted(
                id, Arrays.stream(values()).map(Network::id).collect(Collectors.joining(", "))));
  }
}
