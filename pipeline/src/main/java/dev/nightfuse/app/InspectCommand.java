package dev.nightfuse.app;

import dev.nightfuse.camera.CameraAdapter;
import dev.nightfuse.encode.EncoderChooser;
import dev.nightfuse.encode.EncoderFinding;
import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstRuntime;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nightfuse inspect}: what this machine has, and why not. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Shows which cameras, encoders and engines this machine has, and why others cannot be used."
    })
final class InspectCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Machine%n  %s %s, %d processors, Java %s%n",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version());
    try {
      GstRuntime gst = GstRuntime.start();
      out.printf("  GStreamer %s%n%nCameras%n", gst.version());
      for (CameraAdapter adapter : Nightfuse.cameraAdapters()) {
        out.printf("  %s%n", adapter.usage());
        adapter.discover().forEach(found -> out.printf("    found %s%n", found));
      }
      out.printf("%nEncoders%n");
      for (EncoderFinding finding : new EncoderChooser(gst).examineAll()) {
        String mark = finding.state() == EncoderFinding.State.USABLE ? "yes" : "no ";
        out.printf("  %s  %-16s %s%n", mark, finding.encoder(), finding.reason());
      }
    } catch (GstException e) {
      out.printf("  GStreamer: %s%n", e.getMessage());
    }
    out.printf("%nEngines%n");
    for (EngineProvider provider : Nightfuse.engineProviders()) {
      Availability availability = provider.probe();
      out.printf(
          "  %s  %-16s %s%n",
          availability.available() ? "yes" : "no ", provider.name(), availability.detail());
    }
    List<String> models = Nightfuse.models(Places.of(System.getenv())).builtIn();
    out.printf("%nModels%n  %s%n", String.join(", ", models));
    out.flush();
    return ExitCode.OK;
  }
}
