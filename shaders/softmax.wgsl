// y[o, i, j] = exp(x[o, i, j] − most[o, j]) / sums[o, j], or x − most − log(sums).
// x, y [outer, size, inner]; most, sums [outer, inner]. Rows may be made of vectors of four: then inner is 1.
// One invocation computes one element or vector; a workgroup computes 64. No workgroup memory.
// Source: ONNX Softmax-13 and LogSoftmax-13.
//#include math
//#include each
//#slot exponential

fn element(i: u32) -> y_element {
  let row = i / (sizes.size * sizes.inner) * sizes.inner + i % sizes.inner;
  let distance = x_at(i) - most_at(row);
  if (IS_LOG) { return distance - math_log(sums_at(row)); }
  return exponential(distance) / sums_at(row);
}
