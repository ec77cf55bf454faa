// y[o, p, j] = the index i of the best x[o, i, j] among i = p, p + parts, …; of equals the first, or the last.
// x [outer, size, inner], y [outer, parts, inner]; a second dispatch takes the best of each part as its candidates.
// One invocation computes one element of y; a workgroup computes 64. No workgroup memory.
// NaN is never better; a line that begins with NaN has index 0. Source: ONNX ArgMax-13, ArgMin-13.
//#include each
//#slot formulas

fn element(at: u32) -> i32 {
  let j = at % sizes.inner;
  let row = at / sizes.inner;
  let start = row / sizes.parts * sizes.size * sizes.inner + j;
  let first = row % sizes.parts;
  var best = candidate(row / sizes.parts * sizes.candidates * sizes.inner + j, first);
  var most = x_at(start + best * sizes.inner);
  for (var i = first + sizes.parts; i < sizes.candidates; i += sizes.parts) {
    let index = candidate(row / sizes.parts * sizes.candidates * sizes.inner + j, i);
    let value = x_at(start + index * sizes.inner);
    let is_equal = value == most && (index > best) == TAKES_LAST;
    if (is_better(value, most) || is_equal) {
      best = index;
      most = value;
    }
  }
  return i32(select(best, 0u, is_nan(x_at(start))));
}
