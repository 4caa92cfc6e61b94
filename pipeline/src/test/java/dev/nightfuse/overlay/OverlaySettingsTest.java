package dev.nightfuse.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class OverlaySettingsTest {

  private static final OverlaySettings ALL = OverlaySettings.defaults();

  @Test
  void withClass_modelOf255Classes_hidesThatOneAlone() {
    for (int id = 1; id < 255; id++) {
      OverlaySettings settings = ALL.withClass(id, false);
      for (int other = 1; other < 255; other++) {
        assertEquals(other != id, settings.shows(other), other + " when " + id + " is hidden");
      }
      assertEquals(ALL, settings.withClass(id, true));
    }
  }

  @Test
  void shows_whatIsNoClass_never() {
    assertFalse(ALL.shows(0));
    assertTrue(ALL.shows(1));
    assertThrows(IllegalArgumentException.class, () -> ALL.withClass(0, true));
    assertThrows(IllegalArgumentException.class, () -> ALL.withClass(256, true));
  }
}
