// y[o, j] = x[o, i, j] with i = indices[o, j]; 0 where i is the ignored one; a fault where it lies outside of [0, size).
// x by its strides, which may be 0; indices, y [outer, inner].
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: ONNX NegativeLogLikelihoodLoss-13.
//#include fault
//#include each

fn element(at: u32) -> f32 {
  let i = indices_at(at);
  if (HAS_IGNORED && i == sizes.ignored) { return 0.0; }
  if (i < 0 || i >= i32(sizes.size)) {
    raise(i);
    return 0.0;
  }
  let start = at / sizes.inner * sizes.outer_stride + at % sizes.inner * sizes.inner_stride;
  return x_at(start + u32(i) * sizes.size_stride);
}
