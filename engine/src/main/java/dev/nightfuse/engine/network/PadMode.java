package dev.nightfuse.engine.network;

/** What surrounds a padded picture. */
public enum PadMode {
  ZERO,
  /** The border pixel is repeated. */
  EDGE,
  /** The picture is mirrored about its border pixel. */
  REFLECT
}
