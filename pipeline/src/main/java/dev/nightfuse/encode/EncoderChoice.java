package dev.nightfuse.encode;

import java.util.List;

/**
 * The encoder to use, and what led there.
 *
 * @param kinds the encoder, and behind one of hardware the software that takes its place when it
 *     gives no more pictures
 * @param findings one per known encoder, in order of preference
 */
public record EncoderChoice(List<EncoderKind> kinds, List<EncoderFinding> findings) {

  public EncoderChoice {
    kinds = List.copyOf(kinds);
    findings = List.copyOf(findings);
  }
}
