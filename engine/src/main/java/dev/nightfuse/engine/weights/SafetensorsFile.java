package dev.nightfuse.engine.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * safetensors: eight bytes of header length, a JSON header with type, shape and byte range of each
 * tensor, then the values. The ranges must follow one another without gap or overlap, as the format
 * demands.
 */
final class SafetensorsFile implements WeightsFile {

  /** The format's own limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, WeightTensor> tensors;

  private SafetensorsFile(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    long headerBytes = FileBytes.read(channel, 0, 8).getLong();
    if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > channel.size() - 8) {
      throw new MalformedWeightsException(
          "truncated or damaged safetensors: header of %d bytes in a file of %d"
              .formatted(headerBytes, channel.size()));
    }
    byte[] header = FileBytes.read(channel, 8, headerBytes).array();
    this.tensors = parse(header, 8 + headerBytes);
  }

  static SafetensorsFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new SafetensorsFile(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private Map<String, WeightTensor> parse(byte[] header, long dataStart) throws IOException {
    Map<String, WeightTensor> found = new LinkedHashMap<>();
    List<long[]> ranges = new ArrayList<>();
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser json = factory.createParser(header)) {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        expect(json.nextToken(), JsonToken.START_OBJECT);
        if (name.equals("__metadata__")) {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            // The format wants texts; what else there is in strangers' files is passed over.
            if (json.nextToken() == JsonToken.VALUE_STRING) {
              metadata.put(key, json.getText());
            } else {
              json.skipChildren();
            }
          }
        } else {
          found.put(name, entry(json, name, dataStart, ranges));
        }
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new MalformedWeightsException(
          "damaged safetensors header: " + e.getOriginalMessage(), e);
    }
    checkRanges(ranges, dataStart);
    return found;
  }

  private WeightTensor entry(JsonParser json, String name, long dataStart, List<long[]> ranges)
      throws IOException {
    @Nullable Dtype dtype = null;
    List<Integer> shape = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "dtype" -> {
          String typeName = json.getText();
          dtype =
              Dtype.bySafetensorsName(typeName)
                  .orElseThrow(
                      () ->
                          new MalformedWeightsException(
                              "tensor \"" + name + "\": unknown type " + typeName));
        }
        case "shape" -> {
          expect(value, JsonToken.START_ARRAY);
          while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            shape.add(json.getIntValue());
          }
        }
        case "data_offsets" -> {
          expect(value, JsonToken.START_ARRAY);
          while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            offsets.add(json.getLongValue());
          }
        }
        default -> json.skipChildren();
      }
    }
    if (dtype == null || offsets.size() != 2 || shape.stream().anyMatch(s -> s < 0)) {
      throw new MalformedWeightsException(
          "tensor \"" + name + "\": type, shape or data_offsets missing or wrong");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long elements;
    try {
      elements = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
      if (begin < 0 || end - begin != Math.multiplyExact(elements, dtype.sizeBytes())) {
        throw new ArithmeticException();
      }
    } catch (ArithmeticException e) {
      throw new MalformedWeightsException(
          "tensor \"%s\": bytes %d to %d do not fit %s %s"
              .formatted(name, begin, end, dtype, shape),
          e);
    }
    ranges.add(new long[] {begin, end});
    Dtype type = dtype;
    return new WeightTensor(
        name,
        type,
        shape,
        WeightTensor.contiguousStrides(shape),
        0,
        (first, count) ->
            FileBytes.read(
                channel,
                dataStart + begin + first * type.sizeBytes(),
                count * (long) type.sizeBytes()));
  }

  private void checkRanges(List<long[]> ranges, long dataStart) throws IOException {
    ranges.sort((a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
    long at = 0;
    for (long[] range : ranges) {
      if (range[0] != at) {
        throw new MalformedWeightsException(
            "damaged safetensors: tensors overlap or leave a gap at byte " + at);
      }
      at = range[1];
    }
    if (dataStart + at != channel.size()) {
      throw new MalformedWeightsException(
          "truncated or damaged safetensors: %d bytes expected, %d there"
              .formatted(dataStart + at, channel.size()));
    }
  }

  private static void expect(@Nullable JsonToken found, JsonToken expected)
      throws MalformedWeightsException {
    if (found != expected) {
      throw new MalformedWeightsException(
          "damaged safetensors header: " + expected + " expected, found " + found);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String container() {
    return "safetensors";
  }

  @Override
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
