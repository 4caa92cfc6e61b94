package dev.nightfuse.training.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nightfuse.training.data.TrainingSample.Box;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Boxes of many pictures in one COCO file: {@code images}, {@code annotations} with {@code bbox} as
 * left, top, width and height in pixels, and {@code categories}.
 */
final class CocoFile {

  /** Appended to the names of pictures by the FLIR release. */
  private static final String FLIR_SUFFIX = "_PreviewData";

  private CocoFile() {}

  /**
   * Boxes by picture name without extension; empty for a picture that is listed without any.
   *
   * @throws IOException when the file is not such a file; names it
   */
  static Map<String, List<Box>> read(Path file) throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, Integer> classes = new HashMap<>();
    List<Map<String, Object>> annotations = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String section = json.currentName();
        json.nextToken();
        switch (section) {
          case "images" ->
              objects(json).forEach(o -> names.put(text(o, "id"), stem(text(o, "file_name"))));
          case "categories" ->
              objects(json)
                  .forEach(o -> classes.put(text(o, "id"), LabelMapping.ofName(text(o, "name"))));
          case "annotations" -> annotations.addAll(objects(json));
          default -> json.skipChildren();
        }
      }
      Map<String, List<Box>> boxes = new HashMap<>();
      names.values().forEach(name -> boxes.put(name, new ArrayList<>()));
      for (Map<String, Object> annotation : annotations) {
        int label = classes.getOrDefault(text(annotation, "category_id"), TrainingSample.IGNORE);
        List<Box> of = boxes.get(names.getOrDefault(text(annotation, "image_id"), ""));
        if (of == null || !(annotation.get("bbox") instanceof double[] b) || b.length != 4) {
          throw new IOException("an annotation of no listed picture, or without a box");
        }
        if (label != TrainingSample.IGNORE && b[2] > 0 && b[3] > 0) {
          of.add(new Box(label, b[0], b[1], b[0] + b[2], b[1] + b[3]));
        }
      }
      return boxes;
    } catch (IOException e) {
      throw new IOException("%s is no COCO file: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String text(Map<String, Object> object, String key) {
    return String.valueOf(object.get(key));
  }

  private static String stem(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return stem.endsWith(FLIR_SUFFIX)
        ? stem.substring(0, stem.length() - FLIR_SUFFIX.length())
        : stem;
  }

  /** The objects of an array: their plain values as text, arrays of numbers as such. */
  private static List<Map<String, Object>> objects(JsonParser json) throws IOException {
    List<Map<String, Object>> objects = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      Map<String, Object> object = new HashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (key.equals("bbox") && value == JsonToken.START_ARRAY) {
          object.put(key, numbers(json));
        } else if (value.isStructStart()) {
          json.skipChildren();
        } else {
          object.put(key, json.getText());
        }
      }
      objects.add(object);
    }
    return objects;
  }

  private static double[] numbers(JsonParser json) throws IOException {
    List<Double> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(json.getDoubleValue());
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
