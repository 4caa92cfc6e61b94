package dev.nightfuse.fusion;

import dev.nightfuse.engine.ThermalWindow;
import dev.nightfuse.frame.Frame;
import java.nio.ByteBuffer;

/** Brings a film's counts to grey by a window that follows the scene. One thread. */
public final class WindowToneMapper implements ToneMapper {

  private final ThermalWindow window = new ThermalWindow();

  @Override
  public void map(Frame raw, ByteBuffer gray) {
    window.map(raw.plane(0), raw.format().widthPx() * raw.format().heightPx(), gray);
  }
}
