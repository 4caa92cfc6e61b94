package dev.nightfuse.rtsp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header fields in the order they came; names are compared without regard to case. */
final class RtspHeaders {

  record Field(String name, String value) {}

  private final List<Field> fields = new ArrayList<>();

  RtspHeaders add(String name, String value) {
    fields.add(new Field(name, value));
    return this;
  }

  /** Appends a continuation line to the field added last (RFC 2326 section 4, as in HTTP/1.1). */
  void fold(String continuation) {
    Field last = fields.remove(fields.size() - 1);
    fields.add(new Field(last.name(), (last.value() + ' ' + continuation).strip()));
  }

  /** Value of the first field of that name. */
  @Nullable String get(String name) {
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.value();
      }
    }
    return null;
  }

  List<String> all(String name) {
    return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).map(Field::value).toList();
  }

  List<Field> fields() {
    return fields;
  }

  int size() {
    return fields.size();
  }
}
