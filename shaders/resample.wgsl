// y[o, j, i] = Σ_t weights[j, t] · x[o, indices[j, t], i]; entries of weight 0 are not read.
// x [outer, size, inner], indices and weights [new_size, taps], y [outer, new_size, inner].
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// Source: ONNX Resize-19, one axis; the tables are made by src/ops/resampling.ts.
//#include each

fn element(i: u32) -> y_element {
  let place = i / sizes.inner;
  let row = place % sizes.new_size * sizes.taps;
  let first = place / sizes.new_size * sizes.size * sizes.inner + i % sizes.inner;
  var sum = 0.0;
  for (var t = row; t < row + sizes.taps; t++) {
    let weight = weights_at(t);
    if (weight != 0.0) { sum += weight * x_at(first + indices_at(t) * sizes.inner); }
  }
  return sum;
}
