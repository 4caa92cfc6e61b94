package dev.nightfuse.overlay;

/**
 * A font of 5x7 dots for upper-case ASCII. Each glyph is seven rows from the top, two octal digits
 * each; the highest of the five bits is the leftmost dot.
 */
final class Font {

  static final int WIDTH = 5;
  static final int HEIGHT = 7;

  /** Distance from glyph to glyph. */
  static final int ADVANCE = 6;

  private static final String GLYPHS =
      """
        00000000000000
      ! 04040404040004
      " 12121200000000
      # 12123712371212
      % 30310204102303
      & 14222410252215
      ' 04041000000000
      ( 02041010100402
      ) 10040202020410
      * 00042516250400
      + 00040437040400
      , 00000000040410
      - 00000016000000
      . 00000000001414
      / 00010204102000
      0 16212325312116
      1 04140404040416
      2 16210106102037
      3 37020402012116
      4 02061222370202
      5 37203601012116
      6 06102036212116
      7 37010204101010
      8 16212116212116
      9 16212117010214
      : 00141400141400
      < 02041020100402
      = 00003700370000
      > 10040201020410
      ? 16210102040004
      @ 16212725272016
      A 16212137212121
      B 36212136212136
      C 16212020202116
      D 34222121212234
      E 37202036202037
      F 37202036202020
      G 16212027212117
      H 21212137212121
      I 16040404040416
      J 07020202022214
      K 21222430242221
      L 20202020202037
      M 21332525212121
      N 21313125232321
      O 16212121212116
      P 36212136202020
      Q 16212121252215
      R 36212136242221
      S 17202016010136
      T 37040404040404
      U 21212121212116
      V 21212121211204
      W 21212125253321
      X 21211204122121
      Y 21211204040404
      Z 37010204102037
      _ 00000000000037
      | 04040404040404
      """;

  private final int[][] rows = new int[128][];

  Font() {
    GLYPHS
        .lines()
        .forEach(
            line -> {
              int[] glyph = new int[HEIGHT];
              for (int row = 0; row < HEIGHT; row++) {
                glyph[row] = Integer.parseInt(line, 2 + 2 * row, 4 + 2 * row, 8);
              }
              rows[line.charAt(0)] = glyph;
            });
  }

  /** Five dots of one row; lower case reads as upper case, what has no glyph as a question mark. */
  int dots(char character, int row) {
    int[] glyph = find(Character.toUpperCase(character));
    return glyph == null ? 0 : glyph[row];
  }

  private int @org.jspecify.annotations.Nullable [] find(char character) {
    int[] glyph = character < rows.length ? rows[character] : null;
    return glyph == null ? rows['?'] : glyph;
  }
}
