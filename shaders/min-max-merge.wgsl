// merged[k, p, c] = least, greatest or least (k = 0, 1, 2) of ranges[k, q, c] over q = p, p + merged_parts, …
// ranges u32 [3, parts, channels] as min-max.wgsl makes them; merged u32 [3, merged_parts, channels].
// One invocation computes one part of one channel in a loop; a workgroup 64 of them. No workgroup memory.
// Source: src/backends/README.md, "Ranges are exact": the order of comparison does not matter.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  let slab = sizes.parts * sizes.channels;
  let merged_slab = sizes.merged_parts * sizes.channels;
  if (at >= merged_slab) { return; }
  var low = 0xffffffffu;
  var high = 0u;
  var first = 0xffffffffu;
  for (var place = at; place < slab; place += merged_slab) {
    low = min(low, ranges[place]);
    high = max(high, ranges[slab + place]);
    first = min(first, ranges[2u * slab + place]);
  }
  merged[at] = low;
  merged[merged_slab + at] = high;
  merged[2u * merged_slab + at] = first;
}
