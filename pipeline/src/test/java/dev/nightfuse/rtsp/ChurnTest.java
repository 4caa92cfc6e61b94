package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.Await;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients come and go, half of them without a word: nothing may stay behind. */
final class ChurnTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @Test
  void connects_200HalfOfThemAbrupt_leaveMemoryDescriptorsAndSessionsFlat() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "needs /proc");
    try (TestServer server = new TestServer()) {
      rounds(server, 0, 40); // buffers, threads and classes of the first clients
      long descriptors = descriptors();
      long residentKb = residentKb();
      long heapKb = heapKb();
      rounds(server, 40, 200);
      assertTrue(
          descriptors() <= descriptors, descriptors + " descriptors became " + descriptors());
      long heapGrownKb = heapKb() - heapKb;
      long grownKb = residentKb() - residentKb;
      System.out.println(
          "200 clients: heap in use "
              + heapGrownKb
              + " KiB, resident set "
              + grownKb
              + " KiB more");
      assertTrue(heapGrownKb < 4_096, "heap in use grew by " + heapGrownKb + " KiB");
      // Coarser: the virtual machine itself takes and returns pages as it likes.
      assertTrue(grownKb < 32_768, "resident set grew by " + grownKb + " KiB");
    }
  }

  @Tag("long")
  @Test
  void connects_10000HalfOfThemAbrupt_leaveMemoryDescriptorsAndSessionsFlat() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "needs /proc");
    try (TestServer server = new TestServer()) {
      rounds(server, 0, 1_000);
      long descriptors = descriptors();
      long heapKb = heapKb();
      rounds(server, 1_000, 10_000);
      assertTrue(
          descriptors() <= descriptors, descriptors + " descriptors became " + descriptors());
      long grownKb = heapKb() - heapKb;
      assertTrue(grownKb < 4_096, "heap in use grew by " + grownKb + " KiB");
    }
  }

  private static void rounds(TestServer server, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      boolean udp = i % 4 < 2;
      boolean abrupt = i % 2 == 0;
      try (RtspTestClient client = server.connect();
          DatagramSocket rtp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        client.request("DESCRIBE", server.url());
        String transport =
            udp ? "RTP/AVP;unicast;client_port=" + rtp.getLocalPort() : "RTP/AVP/TCP;unicast";
        String session =
            "Session: "
                + client.request("SETUP", server.track(), "Transport: " + transport).session();
        client.request("PLAY", server.url(), session);
        server.fused.publish();
        if (!udp) {
          RtpPackets.readPicture(client, 0);
        }
        if (abrupt) {
          client.abort();
        } else {
          client.request("TEARDOWN", server.url(), session);
        }
      }
    }
    Await.until(
        "all came and went",
        () ->
            server.server.stats().sessionsStarted() == from + count
                && server.server.stats().connections() == 0);
    assertEquals(0, server.fused.viewers());
    assertEquals(0, server.server.stats().readers().size());
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    }
  }

  private static long heapKb() {
    System.gc();
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1_024;
  }

  private static long residentKb() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(l -> l.startsWith("VmRSS:"))
        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
