package dev.nightfuse.app;

import dev.nightfuse.dashboard.DashboardControls;
import dev.nightfuse.dashboard.DashboardRecordings;
import dev.nightfuse.overlay.ClassPalette;
import dev.nightfuse.overlay.OverlaySettings;
import dev.nightfuse.overlay.ThermalPalette;
import dev.nightfuse.recording.Recorder;
import dev.nightfuse.registration.MovableAlignment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What operators change from the dashboard, applied to the rigs. Safe for every thread. */
final class Controls implements DashboardControls {

  private static final int PALETTE_SAMPLES = 9;

  private final List<LiveRig> rigs;

  Controls(List<LiveRig> rigs) {
    this.rigs = rigs;
  }

  @Override
  public List<String> rigs() {
    return rigs.stream().map(LiveRig::name).toList();
  }

  @Override
  public Overlay overlay(String rig) {
    LiveRig found = rig(rig);
    OverlaySettings settings = found.overlay().get();
    List<OverlayClass> classes = new ArrayList<>();
    for (ClassPalette.Entry entry : found.classes().entries()) {
      classes.add(new OverlayClass(entry.name(), entry.hex(), settings.shows(entry.id())));
    }
    return new Overlay(classes, settings.opacity());
  }

  @Override
  public void setClassShown(String rig, String className, boolean shown) {
    LiveRig found = rig(rig);
    for (ClassPalette.Entry entry : found.classes().entries()) {
      if (entry.name().equals(className)) {
        found.overlay().update(settings -> settings.withClass(entry.id(), shown));
      }
    }
  }

  @Override
  public void setOverlayOpacity(String rig, double opacity) {
    rig(rig).overlay().update(settings -> settings.withOpacity(opacity));
  }

  @Override
  public List<Palette> palettes() {
    return Arrays.stream(ThermalPalette.values()).map(Controls::palette).toList();
  }

  private static Palette palette(ThermalPalette palette) {
    List<String> colours = new ArrayList<>();
    for (int i = 0; i < PALETTE_SAMPLES; i++) {
      colours.add("#%06x".formatted(palette.rgb(i * 255 / (PALETTE_SAMPLES - 1))));
    }
    return new Palette(palette.label(), colours);
  }

  @Override
  public String palette(String rig) {
    return rig(rig).overlay().get().palette().label();
  }

  @Override
  public void setPalette(String rig, String paletteName) {
    ThermalPalette.byLabel(paletteName)
        .ifPresent(palette -> rig(rig).overlay().update(settings -> settings.withPalette(palette)));
  }

  @Override
  public Shift shift(String rig) {
    MovableAlignment alignment = rig(rig).alignment();
    return new Shift(
        List.of(alignment.shift().rightPx(), alignment.shift().downPx()),
        List.of(alignment.initial().rightPx(), alignment.initial().downPx()),
        MovableAlignment.FARTHEST_PX);
  }

  @Override
  public void setShift(String rig, double rightPx, double downPx) {
    rig(rig).alignment().move(new MovableAlignment.Shift(rightPx, downPx));
  }

  @Override
  public void startRecording(String rig) throws RefusedException {
    Recorder recorder = rig(rig).recorder();
    String obstacle = recorder.active() ? "" : recorder.obstacle();
    if (!obstacle.isEmpty()) {
      throw new RefusedException(obstacle);
    }
    recorder.start();
  }

  @Override
  public void stopRecording(String rig) {
    rig(rig).recorder().stop();
  }

  @Override
  public DashboardRecordings recordings(String rig) {
    return new RigRecordings(rig(rig).recorder().recordings());
  }

  private LiveRig rig(String name) {
    return rigs.stream()
        .filter(rig -> rig.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no rig " + name));
  }
}
