package dev.nightfuse.camera;

import java.util.Set;

/** One kind of camera, chosen by URI scheme. Stateless; safe for every thread. */
public interface CameraAdapter {

  /** The URI schemes it answers to, lower case. */
  Set<String> schemes();

  /** One line of help: what the URI looks like and which query options it takes. */
  String usage();

  /**
   * Prepares a source; touches no device yet.
   *
   * @throws CameraException when the URI's options are wrong; the message says which, and what is
   *     allowed
   */
  CameraSource open(CameraSettings settings) throws CameraException;

  /**
   * What this adapter finds on this machine, one line each, for {@code nightfuse inspect}; never
   * throws.
   */
  java.util.List<String> discover();
}
