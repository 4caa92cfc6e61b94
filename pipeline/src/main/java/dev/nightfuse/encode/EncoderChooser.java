package dev.nightfuse.encode;

import dev.nightfuse.encode.EncoderFinding.State;
import dev.nightfuse.gst.GstRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the encoder to use: the first of {@link EncoderKind} that is installed, has its device, and
 * encodes a few frames in a process of its own. Software encoders are not tried: they have no
 * driver that could fail, and a start should not wait for them. Each is examined once, for all
 * rigs.
 *
 * <p>One thread.
 */
public final class EncoderChooser {

  /** The configured name that leaves the choice to this class. */
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(EncoderChooser.class);

  private final EncoderMachine machine;
  private final Map<EncoderKind, EncoderFinding> examined = new EnumMap<>(EncoderKind.class);

  public EncoderChooser(GstRuntime gst) {
    this(EncoderMachine.real(gst));
  }

  EncoderChooser(EncoderMachine machine) {
    this.machine = machine;
  }

  /**
   * Chooses, and logs every finding.
   *
   * @param configured {@code auto} or the name of an element, which is then the only candidate
   * @throws EncoderException when there is none, or the configured one cannot be used
   */
  public EncoderChoice choose(String configured) throws EncoderException {
    if (!configured.equals(AUTO)) {
      return forced(configured);
    }
    EncoderKind chosen = null;
    List<EncoderFinding> findings = new ArrayList<>();
    for (EncoderKind kind : EncoderKind.values()) {
      EncoderFinding finding =
          chosen == null
              ? examine(kind)
              : EncoderFinding.notTried(kind, chosen.element() + " is preferred");
      findings.add(finding);
      if (finding.state() == State.USABLE) {
        chosen = kind;
      }
    }
    findings.forEach(finding -> LOG.info("encoder {}", finding));
    if (chosen == null) {
      throw new EncoderException("no H.264 encoder can be used: " + listed(findings));
    }
    return new EncoderChoice(withSoftware(chosen), findings);
  }

  /** Hardware that works now may later have no place for one more view, or lose its driver. */
  private List<EncoderKind> withSoftware(EncoderKind chosen) {
    List<EncoderKind> kinds = new ArrayList<>(List.of(chosen));
    if (chosen.hardware()) {
      Arrays.stream(EncoderKind.values())
          .filter(kind -> !kind.hardware() && examine(kind).state() == State.USABLE)
          .findFirst()
          .ifPresent(kinds::add);
    }
    return kinds;
  }

  private EncoderChoice forced(String configured) throws EncoderException {
    EncoderKind wanted =
        EncoderKind.byElement(configured)
            .orElseThrow(
                () ->
                    new EncoderException(
                        "encoder \"%s\" is not known; allowed: auto, %s"
                            .formatted(configured, names())));
    EncoderFinding finding = examine(wanted);
    List<EncoderFinding> findings =
        Arrays.stream(EncoderKind.values())
            .map(
                kind ->
                    kind == wanted
                        ? finding
                        : EncoderFinding.notTried(kind, configured + " is configured"))
            .toList();
    LOG.info("encoder {}", finding);
    if (finding.state() != State.USABLE) {
      throw new EncoderException(
          "configured encoder %s cannot be used: %s".formatted(configured, finding.reason()));
    }
    return new EncoderChoice(List.of(wanted), findings);
  }

  /** Examines every encoder, for {@code inspect}; may take some seconds where a driver hangs. */
  public List<EncoderFinding> examineAll() {
    return Arrays.stream(EncoderKind.values()).map(this::examine).toList();
  }

  private EncoderFinding examine(EncoderKind kind) {
    return examined.computeIfAbsent(kind, this::found);
  }

  private EncoderFinding found(EncoderKind kind) {
    if (!kind.nodes().isEmpty() && kind.nodes().stream().noneMatch(machine::hasNode)) {
      return EncoderFinding.refused(kind, "no device " + String.join(" or ", kind.nodes()));
    }
    if (!machine.hasElement(kind.element())) {
      return EncoderFinding.refused(kind, "GStreamer element is not installed");
    }
    if (!kind.hardware()) {
      return EncoderFinding.usable(kind, "software");
    }
    String problem = machine.trial(kind);
    return problem == null
        ? EncoderFinding.usable(kind, "trial passed")
        : EncoderFinding.refused(kind, problem);
  }

  private static String listed(List<EncoderFinding> findings) {
    return findings.stream()
        .map(finding -> finding.encoder() + ": " + finding.reason())
        .collect(Collectors.joining("; "));
  }

  private static String names() {
    return Arrays.stream(EncoderKind.values())
        .map(EncoderKind::element)
        .collect(Collectors.joining(", "));
  }
}
