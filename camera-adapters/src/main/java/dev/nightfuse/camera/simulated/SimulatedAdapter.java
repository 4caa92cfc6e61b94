package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers {@code simulated:night}: a rig that needs no hardware.
 *
 * <p>Remembers one thing: which simulated cameras are lost at present, since a loss outlives the
 * source that suffered it. Safe for every thread.
 */
public final class SimulatedAdapter implements CameraAdapter {

  private final ConcurrentHashMap<String, Outage> outages = new ConcurrentHashMap<>();

  @Override
  public Set<String> schemes() {
    return Set.of("simulated");
  }

  @Override
  public String usage() {
    return "simulated:night[?OPTION=VALUE&...] a rendered night drive; options: "
        + String.join(", ", SimulatedOptions.KEYS);
  }

  @Override
  public CameraSource open(CameraSettings settings) throws CameraException {
    SimulatedOptions options = SimulatedOptions.parse(settings.uri());
    Modality lose = options.lose();
    boolean mine = lose == settings.modality();
    Outage outage =
        mine
            ? outages.computeIfAbsent(
                settings.name() + settings.uri().options(),
                key -> new Outage(options.loseAtNs(), options.loseForNs()))
            : new Outage(Long.MAX_VALUE, 0);
    return new SimulatedSource(settings, options, outage);
  }

  @Override
  public List<String> discover() {
    return List.of("simulated:night (always available)");
  }

  /**
   * The true geometry of a simulated rig, for a calibration file.
   *
   * @return row-major 3x3 homography from infrared to visible pixels, for far points
   * @throws CameraException when the address has a wrong option
   */
  public static List<Double> infraredToVisible(CameraUri uri) throws CameraException {
    return SimulatedOptions.parse(uri).mount().infraredToVisible();
  }
}
