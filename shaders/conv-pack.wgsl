// packed[g, k, c, o] = w[g·O + o, c, k]: output channels side by side, zeros beyond the last.
// w [groups·O, C, taps], packed [groups, taps, C, OUTS] as vectors of four, OUTS = 4 · quads.
// One invocation computes one vector; a workgroup computes 64. No workgroup memory.
//#include grid

fn weight(group: u32, k: u32, c: u32, o: u32) -> f32 {
  let is_inside = o < sizes.out_per_group;
  let row = group * sizes.out_per_group + select(0u, o, is_inside);
  return select(0.0, w_at((row * sizes.in_per_group + c) * sizes.taps + k), is_inside);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let o = (i % sizes.quads) * 4u;
  let row = i / sizes.quads;
  let c = row % sizes.in_per_group;
  let k = row / sizes.in_per_group % sizes.taps;
  let group = row / sizes.in_per_group / sizes.taps;
  packed[i] = vec4<f32>(weight(group, k, c, o), weight(group, k, c, o + 1u), weight(group, k, c, o + 2u), weight(group, k, c, o + 3u));
}
