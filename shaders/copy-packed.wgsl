// y[place + Σ index·output] = x[source + Σ index·input], where several elements share a word of y.
// x, y: packed integers. Output strides are positive and nest: each is larger than all shorter axes together.
// One invocation writes one word of y and keeps the elements of it that the copy does not name; a workgroup writes 64.
// No workgroup memory. Slot axes: takes the index of each axis from `rest`, the longest stride first.
// Source: the places of a nest are a number system of mixed radices, so division finds the only index there can be.
//#include grid
const BITS = 32u / LANES;
const MASK = (1u << BITS) - 1u;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let word = sizes.place / LANES + i;
  var packed = y[word];
  for (var lane = 0u; lane < LANES; lane++) {
    let at = word * LANES + lane;
    if (at < sizes.place) { continue; }
    var rest = at - sizes.place;
    var source = sizes.source;
    var isNamed = true;
    //#slot axes
    if (!isNamed || rest > 0u) { continue; }
    let value = u32(x_at(u32(source))) & MASK;
    packed = (packed & ~(MASK << (lane * BITS))) | (value << (lane * BITS));
  }
  y[word] = packed;
}
