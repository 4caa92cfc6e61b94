package dev.nightfuse.encode;

import java.util.List;

/**
 * The encoder to use, and what led there.
 *
 * @param kind the encoder
 * @param findings one per known encoder, in order of preference
 */
public record EncoderChoice(EncoderKind kind, List<EncoderFinding> findings) {

  public EncoderChoice {
    findings = List.copyOf(findings);
  }
}
