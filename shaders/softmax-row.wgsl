// y[o, i] = exp(x[o, i] − m) / Σ exp(x[o, k] − m), or its logarithm, with m the maximum of the row.
// x, y [outer, size].
// One workgroup computes one row: each invocation a maximum and a sum in one pass, a tree, and its elements again, which
// are in the cache. Workgroup memory: WIDTH pairs, at most 2048 bytes.
// Source: M. Milakov and N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867, algorithm 3.
//#include math
alias Part = vec2<f32>;
//#include exp-pairs
//#include across

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.size;
  // lanes beyond a short row count nothing
  let first = min(lane, sizes.size - 1u);
  var pair = vec2<f32>(x_at(start + first), select(0.0, 1.0, lane < sizes.size));
  for (var i = lane + WIDTH; i < sizes.size; i += WIDTH) { pair = combine(pair, vec2<f32>(x_at(start + i), 1.0)); }
  let whole = across(pair, lane);
  let sum = select(whole.y, math_nan(), math_is_infinite(whole.x));
  let logarithm = math_log(sum);
  for (var i = lane; i < sizes.size; i += WIDTH) {
    let distance = x_at(start + i) - whole.x;
    if (IS_LOG) { y_put(start + i, distance - logarithm); } else { y_put(start + i, math_exp(distance) / sum); }
  }
}
