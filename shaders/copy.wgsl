// y[place + Σ index·output] = x[source + Σ index·input], for every index below the extents.
// x, y: units, which are words (an element of 32 bits, or several packed ones), or vectors of four words.
// One invocation moves one unit, a workgroup 64: neighbours along the axis with the shortest step in y.
// No workgroup memory. Slot axes: takes the index of each axis from `rest`, the last axis first, and steps along it.
// Source: CopyCall in src/backends/kernel-calls.ts.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  var rest = i;
  var source = sizes.source;
  var place = sizes.place;
  //#slot axes
  y[place] = x[source];
}
