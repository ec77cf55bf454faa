// y[place + Σ index·outputStrides] = x[source + Σ index·inputStrides], for every index below the extents.
// x, y: units, which are elements of 32 bits, vectors of four float32, or words of packed integers.
// One invocation moves one unit, a workgroup 64: neighbours along the axis with the shortest step in y.
// No workgroup memory.
// Source: CopyCall in src/backends/kernel-calls.ts.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  var rest = i;
  var source = sizes.source;
  var place = sizes.place;
  for (var axis = RANK - 1u; axis > 0u; axis--) {
    let index = i32(rest % extents(axis));
    rest /= extents(axis);
    source += index * inputStrides(axis);
    place += index * outputStrides(axis);
  }
  y[place + i32(rest) * outputStrides(0u)] = x[source + i32(rest) * inputStrides(0u)];
}
