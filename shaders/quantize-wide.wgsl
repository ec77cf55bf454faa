// y = clamp(roundHalfEven(fround(x · reciprocal[c])) + zero_point[c]) as 16 bits; quantize-channels.wgsl says which c.
// x float32 [count], in vectors; reciprocal float32 [channels] as bits, zero_point int32 [channels]; y 16 bits [count], two a word.
// One invocation computes two words, the last of which may lie behind `count`; a workgroup computes 128. No workgroup memory.
// Source: src/backends/README.md, "The same integers".
//#include grid
//#include quantize-channels
//#include quantize-product
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let place = invocation(id, groups);
  if (place * 4u >= sizes.elements) { return; }
  let c = channels_of(place * 4u);
  let factor = vec4<u32>(reciprocal[c.x], reciprocal[c.y], reciprocal[c.z], reciprocal[c.w]);
  let zero = vec4<i32>(zero_point[c.x], zero_point[c.y], zero_point[c.z], zero_point[c.w]);
  let q = clamp(rounded4(bitcast<vec4<u32>>(x[place]), factor) + zero, vec4<i32>(sizes.low), vec4<i32>(sizes.high));
  let halves = vec4<u32>(q) & vec4<u32>(65535u);
  y[place * 2u] = halves.x | (halves.y << 16u);
  y[place * 2u + 1u] = halves.z | (halves.w << 16u);
}
