package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.encode.EncoderFinding.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EncoderChooserTest {

  private final FakeMachine machine = new FakeMachine();
  private final EncoderChooser chooser = new EncoderChooser(machine);

  @Test
  void choose_auto_bestThatWorks() throws EncoderException {
    machine.has("/dev/nvidia[0-9]*", "nvh264enc", "/dev/dri/renderD*", "vah264enc", "x264enc");
    machine.trouble.put(EncoderKind.NVENC, "trial failed: no NVENC on this card");

    EncoderChoice choice = chooser.choose("auto");

    assertEquals(List.of(EncoderKind.VA, EncoderKind.X264), choice.kinds(), "and what follows it");
    assertEquals(
        List.of(
            "nvv4l2h264enc: refused (no device /dev/v4l2-nvenc or /dev/nvhost-msenc)",
            "nvh264enc: refused (trial failed: no NVENC on this card)",
            "vah264enc: usable (trial passed)",
            "x264enc: not_tried (vah264enc is preferred)",
            "openh264enc: not_tried (vah264enc is preferred)"),
        choice.findings().stream().map(EncoderFinding::toString).toList());
  }

  @Test
  void choose_forManyRigs_triesEachOnce() throws EncoderException {
    machine.has("/dev/nvidia[0-9]*", "nvh264enc", "/dev/dri/renderD*", "vah264enc");
    machine.trouble.put(EncoderKind.NVENC, "trial hangs: no answer within 15000 ms");
    assertEquals(List.of(EncoderKind.VA), chooser.choose("auto").kinds());
    assertEquals(List.of(EncoderKind.VA), chooser.choose("auto").kinds());
    assertEquals(List.of(EncoderKind.VA), chooser.choose("vah264enc").kinds());
    assertEquals(List.of(EncoderKind.NVENC, EncoderKind.VA), machine.tried);
  }

  @Test
  void choose_elementWithoutDevice_isNeverTried() throws EncoderException {
    machine.has("nvv4l2h264enc", "nvh264enc", "vah264enc", "x264enc");
    assertEquals(List.of(EncoderKind.X264), chooser.choose("auto").kinds());
    assertEquals(List.of(), machine.tried);
  }

  @Test
  void choose_deviceWithoutElement_isRefusedWithReason() throws EncoderException {
    machine.has("/dev/dri/renderD*", "openh264enc");
    EncoderChoice choice = chooser.choose("auto");
    assertEquals(List.of(EncoderKind.OPENH264), choice.kinds());
    assertEquals("GStreamer element is not installed", choice.findings().get(2).reason());
  }

  @Test
  void choose_nothingWorks_failsWithEveryReason() {
    machine.has("/dev/nvidia[0-9]*", "nvh264enc");
    machine.trouble.put(EncoderKind.NVENC, "trial hangs");
    String message =
        assertThrows(EncoderException.class, () -> chooser.choose("auto")).getMessage();
    assertEquals(
        "no H.264 encoder can be used:"
            + " nvv4l2h264enc: no device /dev/v4l2-nvenc or /dev/nvhost-msenc;"
            + " nvh264enc: trial hangs; vah264enc: no device /dev/dri/renderD*;"
            + " x264enc: GStreamer element is not installed;"
            + " openh264enc: GStreamer element is not installed",
        message);
  }

  @Test
  void choose_configuredOne_isTheOnlyCandidate() throws EncoderException {
    machine.has("x264enc", "openh264enc");
    EncoderChoice choice = chooser.choose("openh264enc");
    assertEquals(List.of(EncoderKind.OPENH264), choice.kinds());
    assertEquals(State.NOT_TRIED, choice.findings().get(3).state());
  }

  @Test
  void choose_configuredOneUnusable_failsAndDoesNotFallBack() {
    machine.has("x264enc");
    EncoderException failure =
        assertThrows(EncoderException.class, () -> chooser.choose("nvh264enc"));
    assertEquals(
        "configured encoder nvh264enc cannot be used: no device /dev/nvidia[0-9]*",
        failure.getMessage());
  }

  @Test
  void choose_unknownName_listsKnownOnes() {
    EncoderException failure =
        assertThrows(EncoderException.class, () -> chooser.choose("x265enc"));
    assertTrue(
        String.valueOf(failure.getMessage())
            .startsWith("encoder \"x265enc\" is not known; allowed: auto, nvv4l2h264enc,"));
  }

  @Test
  void examineAll_looksAtEveryOne() {
    machine.has("x264enc", "openh264enc", "/dev/dri/renderD*", "vah264enc");
    assertEquals(
        List.of(State.REFUSED, State.REFUSED, State.USABLE, State.USABLE, State.USABLE),
        chooser.examineAll().stream().map(EncoderFinding::state).toList());
  }

  private static final class FakeMachine implements EncoderMachine {
    private final Set<String> present = new HashSet<>();
    private final Map<EncoderKind, String> trouble = new HashMap<>();
    private final List<EncoderKind> tried = new ArrayList<>();

    void has(String... things) {
      present.addAll(List.of(things));
    }

    @Override
    public boolean hasElement(String element) {
      return present.contains(element);
    }

    @Override
    public boolean hasNode(String glob) {
      return present.contains(glob);
    }

    @Override
    public @Nullable String trial(EncoderKind kind) {
      tried.add(kind);
      return trouble.get(kind);
    }
  }
}
