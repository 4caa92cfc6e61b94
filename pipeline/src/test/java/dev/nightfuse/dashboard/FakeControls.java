package dev.nightfuse.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Controls that remember what they were told. */
final class FakeControls implements DashboardControls {

  private static final Map<String, String> COLORS = new LinkedHashMap<>();

  static {
    COLORS.put("car", "#4a7dff");
    COLORS.put("person", "#ff4d6a");
    COLORS.put("bike", "#ffd23f");
    COLORS.put("curve", "#9b7bff");
    COLORS.put("car_stop", "#32d0c6");
    COLORS.put("guardrail", "#c08457");
    COLORS.put("color_cone", "#ff9f1c");
    COLORS.put("bump", "#8bd450");
  }

  private final List<String> rigs;
  private final Set<String> hidden = new LinkedHashSet<>();
  private double opacity = 0.45;
  private String palette = "ironbow";
  private List<Double> shiftPx = List.of(0.0, 0.0);
  private boolean recording;
  private String refusal = "";

  /** Recordings start when this has come down. */
  volatile CountDownLatch disk = new CountDownLatch(0);

  volatile boolean waits;

  private final Map<String, FakeRecordings> recordings = new ConcurrentHashMap<>();
  final List<String> calls = new ArrayList<>();

  FakeControls(List<String> rigs) {
    this.rigs = rigs;
  }

  /** From now on recordings are refused for this reason; "" allows them. */
  synchronized void refuse(String reason) {
    refusal = reason;
  }

  synchronized boolean recording() {
    return recording;
  }

  static List<String> classNames() {
    return List.copyOf(COLORS.keySet());
  }

  @Override
  public List<String> rigs() {
    return rigs;
  }

  @Override
  public synchronized Overlay overlay(String rig) {
    List<OverlayClass> classes = new ArrayList<>();
    COLORS.forEach(
        (name, color) -> classes.add(new OverlayClass(name, color, !hidden.contains(name))));
    return new Overlay(classes, opacity);
  }

  @Override
  public synchronized void setClassShown(String rig, String className, boolean shown) {
    calls.add(rig + " " + className + " " + shown);
    if (shown) {
      hidden.remove(className);
    } else {
      hidden.add(className);
    }
  }

  @Override
  public synchronized void setOverlayOpacity(String rig, double value) {
    calls.add(rig + " opacity " + value);
    opacity = value;
  }

  @Override
  public List<Palette> palettes() {
    return List.of(
        new Palette("white-hot", List.of("#000000", "#ffffff")),
        new Palette("black-hot", List.of("#ffffff", "#000000")),
        new Palette(
            "ironbow",
            List.of("#00000a", "#1d0566", "#7a0f8c", "#cc3f4f", "#f58414", "#ffd84d", "#ffffee")),
        new Palette("rainbow", List.of("#0000a0", "#00a0ff", "#30e060", "#f0f020", "#ff2010")));
  }

  @Override
  public synchronized String palette(String rig) {
    return palette;
  }

  @Override
  public synchronized void setPalette(String rig, String paletteName) {
    calls.add(rig + " palette " + paletteName);
    palette = paletteName;
  }

  @Override
  public synchronized Shift shift(String rig) {
    return new Shift(shiftPx, List.of(0.0, 0.0), 200);
  }

  @Override
  public synchronized void setShift(String rig, double rightPx, double downPx) {
    calls.add(rig + " shift " + rightPx + " " + downPx);
    shiftPx = List.of(rightPx, downPx);
  }

  @Override
  public void startRecording(String rig) throws RefusedException {
    waits = true;
    try {
      disk.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    synchronized (this) {
      if (!refusal.isEmpty()) {
        throw new RefusedException(refusal);
      }
      calls.add(rig + " record start");
      recording = true;
    }
  }

  @Override
  public synchronized void stopRecording(String rig) throws RefusedException {
    calls.add(rig + " record stop");
    recording = false;
  }

  @Override
  public FakeRecordings recordings(String rig) {
    return recordings.computeIfAbsent(rig, name -> new FakeRecordings());
  }
}
