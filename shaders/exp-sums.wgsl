// most[o, p, j] = m = max of x[o, i, j] over i = p, p + parts, …; sums[o, p, j] = Σ exp(x[o, i, j] − m), in one pass.
// A second dispatch takes the parts as pairs of maximum and sum. term gives pair i of a line, keep stores what was found.
// One invocation computes one part of one line in blocks of 64 terms; a workgroup computes 64. No workgroup memory.
// Source: M. Milakov and N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867, algorithm 3.
//#include grid
//#include math
//#include exp-pairs
//#slot formulas

fn block(start: u32, first: u32, span: u32) -> vec2<f32> {
  var found = term(start + first * sizes.inner);
  let end = min(sizes.size, first + span);
  for (var i = first + sizes.parts; i < end; i += sizes.parts) {
    found = combine(found, term(start + i * sizes.inner));
  }
  return found;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let row = at / sizes.inner;
  let start = row / sizes.parts * sizes.size * sizes.inner + at % sizes.inner;
  let first = row % sizes.parts;
  let span = 64u * sizes.parts;
  var total = block(start, first, span);
  for (var i = first + span; i < sizes.size; i += span) { total = combine(total, block(start, i, span)); }
  keep(at, total);
}
