package dev.nightfuse.training.data;

import dev.nightfuse.training.data.TrainingSample.Box;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Boxes of one picture, in pixels and MFNet classes; objects of other classes are left out. */
final class BoxFile {

  /** Of the MSRS boxes, and the usual ones where no {@code classes.txt} lists others. */
  static final List<String> YOLO_CLASSES = List.of("person", "bicycle", "car");

  private BoxFile() {}

  /** YOLO: {@code class x y width height} a line, centre and size as shares of the picture. */
  static List<Box> yolo(Path file, List<String> classes, int widthPx, int heightPx)
      throws IOException {
    List<Box> boxes = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] fields = line.strip().split("\\s+", -1);
      try {
        int label = LabelMapping.ofName(classes.get(Integer.parseInt(fields[0])));
        double x = Double.parseDouble(fields[1]) * widthPx;
        double y = Double.parseDouble(fields[2]) * heightPx;
        double w = Double.parseDouble(fields[3]) * widthPx;
        double h = Double.parseDouble(fields[4]) * heightPx;
        add(boxes, label, x - w / 2, y - h / 2, x + w / 2, y + h / 2, widthPx, heightPx);
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw new IOException(
            "%s line %d: \"%s\" is not a class (0 to %d) and a box (centre x, y, width, height in shares)"
                .formatted(file, number, line.strip(), classes.size() - 1),
            e);
      }
    }
    return boxes;
  }

  /** PASCAL VOC: {@code object/name} and {@code object/bndbox}, in pixels. */
  static List<Box> voc(Path file, int widthPx, int heightPx) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    // Nothing outside the file is ever read.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    List<Box> boxes = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      Map<String, String> object = new HashMap<>();
      String element = "";
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          element = xml.getLocalName();
          if (element.equals("object")) {
            object.clear();
          }
        } else if (event == XMLStreamConstants.CHARACTERS && !xml.isWhiteSpace()) {
          object.putIfAbsent(element, xml.getText().strip());
        } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("object")) {
          add(
              boxes,
              LabelMapping.ofName(object.getOrDefault("name", "")),
              number(object, "xmin") - 1,
              number(object, "ymin") - 1,
              number(object, "xmax"),
              number(object, "ymax"),
              widthPx,
              heightPx);
        }
      }
      xml.close();
    } catch (XMLStreamException | NumberFormatException e) {
      throw new IOException("%s is no VOC annotation: %s".formatted(file, e.getMessage()), e);
    }
    return boxes;
  }

  /** Boxes cut at the picture's edges; those outside are dropped. */
  static List<Box> within(List<Box> boxes, int widthPx, int heightPx) {
    List<Box> kept = new ArrayList<>();
    for (Box box : boxes) {
      add(kept, box.label(), box.left(), box.top(), box.right(), box.bottom(), widthPx, heightPx);
    }
    return kept;
  }

  private static double number(Map<String, String> object, String key) {
    return Double.parseDouble(object.getOrDefault(key, "no " + key));
  }

  /** Within the picture; what lies outside of it is dropped. */
  private static void add(
      List<Box> boxes,
      int label,
      double left,
      double top,
      double right,
      double bottom,
      int widthPx,
      int heightPx) {
    double l = Math.max(0, left);
    double t = Math.max(0, top);
    double r = Math.min(widthPx, right);
    double b = Math.min(heightPx, bottom);
    if (label != TrainingSample.IGNORE && r > l && b > t) {
      boxes.add(new Box(label, l, t, r, b));
    }
  }
}
