package dev.nightfuse.engine.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.onnx.ActivationRanges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a network's weights make of pictures, measured, so that it can be computed in INT8. Belongs
 * to these weights alone; kept beside them as JSON.
 *
 * @param network whose weights they are
 * @param weightsSha256 of the checkpoint file, lower-case hex
 * @param pairs pairs of pictures that were measured
 */
public record Int8Calibration(
    Network network, String weightsSha256, int pairs, ActivationRanges ranges) {

  private static final String FORMAT = "nightfuse calibration 1";

  /**
   * @throws EngineException when it was measured with another network or other weights
   */
  void requireFor(Network other, String sha256) throws EngineException {
    if (network != other || !weightsSha256.equals(sha256)) {
      throw new EngineException(
          "the calibration belongs to %s weights %.12s, not to %s weights %.12s; measure again with nightfuse model calibrate"
              .formatted(network.id(), weightsSha256, other.id(), sha256));
    }
  }

  /** Writes the file; points in the order of their names. */
  public void write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeStringField("network", network.id());
      json.writeStringField("weights_sha256", weightsSha256);
      json.writeNumberField("pairs", pairs);
      json.writeObjectFieldStart("ranges");
      for (Map.Entry<String, ActivationRanges.Range> range :
          new TreeMap<>(ranges.byPoint()).entrySet()) {
        json.writeArrayFieldStart(range.getKey());
        json.writeNumber(range.getValue().low());
        json.writeNumber(range.getValue().high());
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    bytes.write('\n');
    Files.write(file, bytes.toByteArray());
  }

  /**
   * Reads a file.
   *
   * @throws EngineException when it cannot be read or is no calibration; says what is wrong
   */
  public static Int8Calibration read(Path file) throws EngineException {
    try {
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new EngineException("calibration %s cannot be read: %s".formatted(file, e), e);
    }
  }

  static Int8Calibration parse(byte[] text, String name) throws EngineException {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    String format = "";
    String network = "";
    String weights = "";
    int pairs = 0;
    Map<String, ActivationRanges.Range> ranges = new LinkedHashMap<>();
    try (JsonParser json = factory.createParser(text)) {
      expect(json, JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "format" -> format = json.getText();
          case "network" -> network = json.getText();
          case "weights_sha256" -> weights = json.getText();
          case "pairs" -> pairs = json.getIntValue();
          case "ranges" -> {
            if (value != JsonToken.START_OBJECT) {
              throw new IOException("ranges are no object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
              ranges.put(json.currentName(), range(json));
            }
          }
          default -> json.skipChildren();
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException("calibration %s is damaged: %s".formatted(name, message(e)), e);
    }
    if (!format.equals(FORMAT)) {
      throw new EngineException(
          "%s is no calibration: format is \"%s\", must be \"%s\"".formatted(name, format, FORMAT));
    }
    return new Int8Calibration(Network.byId(network), weights, pairs, new ActivationRanges(ranges));
  }

  private static ActivationRanges.Range range(JsonParser json) throws IOException {
    String point = json.currentName();
    expect(json, JsonToken.START_ARRAY);
    float[] ends = new float[2];
    for (int i = 0; i < 2; i++) {
      if (!json.nextToken().isNumeric()) {
        throw new IOException(point + " is no range of two numbers");
      }
      ends[i] = json.getFloatValue();
    }
    expect(json, JsonToken.END_ARRAY);
    try {
      return new ActivationRanges.Range(ends[0], ends[1]);
    } catch (IllegalArgumentException e) {
      throw new IOException(point + ": " + e.getMessage(), e);
    }
  }

  private static void expect(JsonParser json, JsonToken wanted) throws IOException {
    JsonToken found = json.nextToken();
    if (found != wanted) {
      throw new IOException("%s instead of %s".formatted(found, wanted));
    }
  }

  private static String message(Exception e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }
}
