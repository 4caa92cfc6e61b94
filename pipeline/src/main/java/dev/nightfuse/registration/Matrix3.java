package dev.nightfuse.registration;

import java.util.ArrayList;
import java.util.List;

/** A 3x3 matrix that maps homogeneous pixel coordinates. Immutable. */
final class Matrix3 {

  /** Turns a homography into the same one with the opposite sign. */
  static final Matrix3 NEGATIVE = new Matrix3(new double[] {-1, 0, 0, 0, -1, 0, 0, 0, -1});

  private final double[] m;

  private Matrix3(double[] values) {
    this.m = values;
  }

  static Matrix3 of(List<Double> rowByRow) {
    double[] values = new double[9];
    for (int i = 0; i < 9; i++) {
      values[i] = rowByRow.get(i);
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "homography %s: numbers must be finite".formatted(rowByRow));
      }
    }
    return new Matrix3(values);
  }

  /** Scales a picture; coordinates are those of pixel centres, hence the shift. */
  static Matrix3 scaling(double scaleX, double scaleY) {
    return new Matrix3(
        new double[] {scaleX, 0, scaleX / 2 - 0.5, 0, scaleY, scaleY / 2 - 0.5, 0, 0, 1});
  }

  /** About the origin. */
  static Matrix3 stretch(double factor) {
    return new Matrix3(new double[] {factor, 0, 0, 0, factor, 0, 0, 0, 1});
  }

  static Matrix3 shift(double right, double down) {
    return new Matrix3(new double[] {1, 0, right, 0, 1, down, 0, 0, 1});
  }

  Matrix3 times(Matrix3 right) {
    double[] product = new double[9];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        for (int k = 0; k < 3; k++) {
          product[3 * row + column] += m[3 * row + k] * right.m[3 * k + column];
        }
      }
    }
    return new Matrix3(product);
  }

  Matrix3 inverse() {
    double[] cofactors = new double[9];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        int r1 = (row + 1) % 3;
        int r2 = (row + 2) % 3;
        int c1 = (column + 1) % 3;
        int c2 = (column + 2) % 3;
        cofactors[3 * column + row] =
            m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
      }
    }
    double determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6];
    if (!(Math.abs(determinant) > 1e-9)) {
      throw new IllegalArgumentException(
          "homography %s: it cannot be inverted".formatted(toList()));
    }
    for (int i = 0; i < 9; i++) {
      cofactors[i] /= determinant;
    }
    return new Matrix3(cofactors);
  }

  /** The same homography with 1 in the corner. */
  Matrix3 normalised() {
    double[] values = m.clone();
    for (int i = 0; i < 9; i++) {
      values[i] /= m[8];
    }
    return new Matrix3(values);
  }

  double x(double x, double y) {
    return m[0] * x + m[1] * y + m[2];
  }

  double y(double x, double y) {
    return m[3] * x + m[4] * y + m[5];
  }

  /** Zero or negative behind the camera. */
  double w(double x, double y) {
    return m[6] * x + m[7] * y + m[8];
  }

  List<Double> toList() {
    List<Double> list = new ArrayList<>(9);
    for (double value : m) {
      list.add(value);
    }
    return list;
  }
}
