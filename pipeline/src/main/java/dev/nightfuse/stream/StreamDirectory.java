package dev.nightfuse.stream;

import java.util.List;
import java.util.Optional;

/** All streams of this program. Safe for every thread; the set is fixed after start. */
public interface StreamDirectory {

  List<VideoStream> streams();

  default Optional<VideoStream> find(String rig, View view) {
    return streams().stream().filter(s -> s.view() == view && s.rig().equals(rig)).findFirst();
  }
}
