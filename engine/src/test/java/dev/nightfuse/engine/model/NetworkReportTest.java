package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The papers' tables, counted by their rules. */
final class NetworkReportTest {

  @Test
  void of_mafs_reproducesThePapersFigures() {
    MafsFigures figures =
        MafsFigures.of(
            ImportOptions.of(Network.MAFS, 640, 480).withClasses(9).withBatch(1).withRaw(true));
    assertEquals(324.22, figures.operations() / 1e9, 0.005);
    assertEquals(221.08, figures.operationsWithoutFusion() / 1e9, 0.005);
    assertEquals(128_691_585, figures.parameters());
    assertEquals(128_418_848, figures.parametersWithoutFusion());
  }

  @Test
  void of_everyNetwork_statesFiguresAndRules() {
    for (Network network : Network.values()) {
      String text = String.join("\n", NetworkReport.of(network).lines());
      assertTrue(text.contains("GMAC"), text);
      assertTrue(text.contains(network.licence()), text);
    }
    assertTrue(String.join("", NetworkReport.of(Network.MAEFUSE).lines()).contains("337.5 M"));
  }
}
