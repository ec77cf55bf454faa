// Running sums of x [outer, size, inner] over chunk c of each line, in scan order: begin gives the sum before the chunk,
// store takes each running sum, finish that of the whole chunk; add comes from the file that includes this one.
// One invocation walks one chunk, with a sum of its own for every 64 elements, so that errors stay small; a workgroup
// walks 64. No workgroup memory. Source: G. E. Blelloch, "Prefix sums and their applications" (1990), in three passes.
//#include grid
//#slot formulas

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let row = at / sizes.chunks;
  let start = row / sizes.inner * sizes.size * sizes.inner + row % sizes.inner;
  let first = at % sizes.chunks * sizes.chunk;
  let end = min(sizes.size, first + sizes.chunk);
  var base = begin(at);
  var own = x_element(0);
  for (var step = first; step < end; step++) {
    let place = start + select(step, sizes.size - 1u - step, IS_REVERSE) * sizes.inner;
    let value = x_at(place);
    if (IS_EXCLUSIVE) { store(place, add(base, own)); }
    own = add(own, value);
    if (!IS_EXCLUSIVE) { store(place, add(base, own)); }
    if (step % 64u == 63u) {
      base = add(base, own);
      own = x_element(0);
    }
  }
  finish(at, add(base, own));
}
