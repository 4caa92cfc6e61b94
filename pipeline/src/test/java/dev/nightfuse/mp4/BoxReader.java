package dev.nightfuse.mp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/** Reads ISO boxes back, for tests. */
record BoxReader(String type, ByteBuffer body) {

  private static final Set<String> CONTAINERS =
      Set.of("moov", "trak", "mdia", "minf", "stbl", "mvex", "moof", "traf", "dinf");

  static List<BoxReader> all(byte[] bytes) {
    return all(ByteBuffer.wrap(bytes));
  }

  private static List<BoxReader> all(ByteBuffer in) {
    List<BoxReader> boxes = new ArrayList<>();
    while (in.hasRemaining()) {
      int size = in.getInt();
      byte[] name = new byte[4];
      in.get(name);
      ByteBuffer body = in.slice(in.position(), size - 8);
      in.position(in.position() + size - 8);
      boxes.add(new BoxReader(new String(name, StandardCharsets.US_ASCII), body));
    }
    return boxes;
  }

  static List<String> types(byte[] bytes) {
    return all(bytes).stream().map(BoxReader::type).toList();
  }

  /** The first box along a path such as {@code moov/trak/mdia}. */
  static ByteBuffer find(byte[] bytes, String path) {
    List<BoxReader> level = all(bytes);
    ByteBuffer body = null;
    for (String name : path.split("/", -1)) {
      BoxReader box =
          level.stream()
              .filter(b -> b.type.equals(name))
              .findFirst()
              .orElseThrow(() -> new NoSuchElementException(name + " of " + path));
      body = box.body.duplicate();
      level = CONTAINERS.contains(name) ? all(box.body.duplicate()) : List.of();
    }
    if (body == null) {
      throw new NoSuchElementException(path);
    }
    return body;
  }
}
