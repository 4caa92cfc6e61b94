package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MistakesTest {

  @Test
  void diskFull_whileAPictureIsWritten_isToldAsTheDiskSaysIt() throws Exception {
    StringWriter told = new StringWriter();
    CommandLine line = TrainCommand.commandLine().setErr(new PrintWriter(told, true));
    IOException disk = new IOException("No space left on device");
    Exception failure = new IIOException("I/O error writing PNG file!", disk);
    assertEquals(78, new Mistakes().handleExecutionException(failure, line, null));
    assertEquals(
        "nightfuse: I/O error writing PNG file! No space left on device\n", told.toString());
  }
}
