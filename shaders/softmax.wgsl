// y[o, i, j] = exp(x[o, i, j] − most[o, j]) / sums[o, j], or x − most − log(sums).
// x, y [outer, size, inner]; most, sums [outer, inner].
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: ONNX Softmax-13 and LogSoftmax-13.
//#include math
//#include each

fn element(i: u32) -> y_element {
  let row = i / (sizes.size * sizes.inner) * sizes.inner + i % sizes.inner;
  let distance = x_at(i) - most_at(row);
  if (IS_LOG) { return distance - math_log(sums_at(row)); }
  return math_exp(distance) / sums_at(row);
}
