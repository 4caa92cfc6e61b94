package dev.nightfuse.training.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.settings.SettingsException;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecipeSettingsTest {

  private static MafsSettings mafs(String text) throws SettingsException {
    Settings file = Settings.parse("a.yaml", text);
    MafsSettings settings = MafsSettings.read(file.section("mafs"));
    file.finish();
    return settings;
  }

  private static MaeFuseSettings maeFuse(String text) throws SettingsException {
    Settings file = Settings.parse("a.yaml", text);
    MaeFuseSettings settings = MaeFuseSettings.read(file.section("maefuse"));
    file.finish();
    return settings;
  }

  @Test
  void mafs_withoutKeys_isThePublishedNetworkWithoutTeacher() throws Exception {
    MafsSettings settings = mafs("mafs:\n");
    assertEquals(new Mafs(9), settings.network());
    assertNull(settings.openTeacher(TorchDevice.CPU));
  }

  @Test
  void mafs_withEveryKey_isRead() throws Exception {
    MafsSettings settings =
        mafs(
            """
            mafs:
              backbone: resnet-14
              restoration: {reading: released, decoders: released, intensity: 1, gradient: 2}
              fusion: {reading: released, intensity: 1, gradient: 2, laplacian: 3, edges: magnitude}
              ohem: {threshold: 0.7, least-share: 0.1}
              foreground: {reading: paper, background: 1, foreground: 2}
              auxiliary: false
              distillation: {kind: channel-wise, temperature: 2}
              balance: {strategy: dynamic-average, alpha: 0.5, temperature: 2}
              teacher: {network: mafs, weights: none.safetensors, backbone: resnet-50}
            """);
    assertEquals(new Mafs(9, Mafs.Backbone.RESNET_14), settings.network());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{backbone: resnet-18} | mafs.backbone: resnet-18 is not allowed, must be one of"
            + " resnet-14, resnet-152, resnet-50",
        "{balance: {strategy: fair-grad}} | mafs.balance.strategy: fair-grad is not allowed, must be"
            + " one of dynamic-average, equal, fair, uncertainty",
        "{teacher: {network: mfnet}} | mafs.teacher.weights: is missing; the teacher is read from"
            + " this file",
        "{fusion: {intensity: 0, gradient: 0}} | mafs.fusion.intensity: 0, and so are gradient and"
            + " laplacian: one must be above 0",
        "{balance: {alpha: 1}} | mafs.balance.alpha: 1 is not a number from -100 to 0.999",
        "{restoration: {reading: both}} | mafs.restoration.reading: both is not allowed, must be one"
            + " of paper, released",
        "{classes: 15} | mafs.classes: unknown key; allowed are backbone, restoration, fusion, ohem,"
            + " foreground, distillation, auxiliary, balance, teacher",
      })
  void mafs_withABadKey_saysWhatIsAllowed(String text, String message) {
    String found = assertThrows(SettingsException.class, () -> mafs("mafs: " + text)).getMessage();
    assertEquals("a.yaml:1: " + message, found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{encoder: {width: 24, heads: 4}} | maefuse.encoder.width: 24 is not allowed, must be a"
            + " multiple of 16: the fusion layer's heads",
        "{decoder: {width: 30, heads: 4}} | maefuse.decoder.width: 30 is not allowed, must be a"
            + " multiple of 4 and of its 4 heads",
        "{attention: tokens} | maefuse.attention: tokens is not allowed, must be one of paper,"
            + " paper-infrared-guide, released",
      })
  void maeFuse_withABadKey_saysWhatIsAllowed(String text, String message) {
    String found =
        assertThrows(SettingsException.class, () -> maeFuse("maefuse: " + text)).getMessage();
    assertEquals("a.yaml:1: " + message, found);
  }

  @Test
  void maeFuse_stageByName_isThatOfTheSettings() throws Exception {
    MaeFuseSettings settings =
        maeFuse(
            """
            maefuse:
              encoder: {width: 32, depth: 1, heads: 4}
              decoder: {width: 32, depth: 1, heads: 4}
              grid: 2
              lock-cfm: false
            """);
    assertEquals("decoder, cfm-align, cfm-fuse, mfm-align, mfm-fuse", MaeFuseSettings.stageNames());
    try (Trial trial = new Trial()) {
      TorchParameters parameters = trial.parameters;
      Stage stage = settings.stage("mfm-fuse", parameters).orElseThrow();
      assertTrue(stage.learns("model2.cross_model.in_proj_weight"), "lock-cfm: false");
      assertTrue(settings.stage("mfm", parameters).isEmpty());
      double[] losses = trial.losses(stage, Trial.batch(1, 32), 3, 0.02);
      assertTrue(losses[2] < losses[0]);
    }
  }
}
