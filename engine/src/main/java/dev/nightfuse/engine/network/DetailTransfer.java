package dev.nightfuse.engine.network;

import java.util.List;

/** First version; see below. */
public final class DetailTransfer {

  private static final int PADDED_TO = 16;

  public <T> T forward(Ops<T> ops, T visible, T infrared) {
    Shape size = ops.shape(visible);
    int h = size.dim(2);
    int w = size.dim(3);
    int bottom = (PADDED_TO - h % PADDED_TO) % PADDED_TO;
    int right = (PADDED_TO - w % PADDED_TO) % PADDED_TO;
    T v = ops.spaceToDepth(floats(ops, visible, bottom, right), 2);
    T i = ops.spaceToDepth(floats(ops, infrared, bottom, right), 2);
    T v1 = ops.mean(v, 1);
    T i1 = ops.mean(i, 1);
    T base = ops.averagePool(ops.concat(1, List.of(v1, i1)), Pool.by(8));
    T large = ops.resize(base, (h + bottom) / 2, (w + right) / 2, Interpolation.BILINEAR);
    T meanI = ops.slice(large, 1, 1, 2);
    T meanV = ops.slice(large, 1, 0, 1);
    T salient = ops.clip(ops.mul(ops.sub(i1, meanI), 1.0 / 40), 0, 1);
    T dark = ops.clip(ops.from(1.2, ops.mul(meanV, 1.0 / 100)), 0, 0.7);
    T gate = ops.max(salient, dark);
    T fused = ops.add(v, ops.mul(gate, ops.relu(ops.sub(i, v))));
    T out = ops.toUint8(ops.depthToSpace(fused, 2));
    out = bottom == 0 ? out : ops.slice(out, 2, 0, h);
    return right == 0 ? out : ops.slice(out, 3, 0, w);
  }

  private static <T> T floats(Ops<T> ops, T plane, int bottom, int right) {
    T x = ops.cast(plane, DType.FLOAT32);
    return bottom + right == 0 ? x : ops.pad(x, 0, 0, bottom, right, PadMode.EDGE);
  }
}
