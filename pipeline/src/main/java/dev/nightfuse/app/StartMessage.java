package dev.nightfuse.app;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the program says when the first picture is there: where to look. */
final class StartMessage {

  private static final String INDENT = " ".repeat(13);

  /**
   * Where a server can be reached.
   *
   * @param scheme such as {@code http}
   * @param hosts see {@link ReachableHosts}
   */
  record Server(String scheme, List<String> hosts, int port) {}

  private StartMessage() {}

  static String text(@Nullable String greeting, Server dashboard, Server rtsp, List<String> rigs) {
    StringBuilder text = new StringBuilder("\n");
    if (greeting != null) {
      text.append(greeting).append('\n');
    }
    add(text, "  dashboard  ", dashboard, "", "");
    for (String rig : rigs) {
      String others = "   (also overlay, visible, infrared, side-by-side)";
      add(text, "  stream     ", rtsp, rig + "/fused", others);
    }
    return text.append("  Ctrl-C ends it.\n").toString();
  }

  private static void add(
      StringBuilder text, String title, Server server, String path, String note) {
    for (int i = 0; i < server.hosts.size(); i++) {
      text.append(i == 0 ? title : INDENT)
          .append("%s://%s:%d/%s".formatted(server.scheme, server.hosts.get(i), server.port, path))
          .append(i == 0 ? note : "")
          .append('\n');
    }
  }
}
