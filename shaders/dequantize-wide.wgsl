// y = fround((q − zero_point[c]) · scale[c]); quantize-channels.wgsl says which c; scales lie in [2⁻¹²⁶, 2¹¹⁰).
// q 16 bits [count], two a word, padded to pairs of words; scale float32, zero_point int32 [channels]; y float32 [count], in vectors.
// One invocation computes four elements; a workgroup computes 256. No workgroup memory.
// Source: src/backends/README.md. |q − zero_point| < 2¹⁷, so that no product is denormal or too large.
//#include grid
//#include quantize-channels
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let place = invocation(id, groups);
  if (place * 4u >= sizes.elements) { return; }
  let c = channels_of(place * 4u);
  let step = vec4<f32>(scale[c.x], scale[c.y], scale[c.z], scale[c.w]);
  let zero = vec4<i32>(zero_point[c.x], zero_point[c.y], zero_point[c.z], zero_point[c.w]);
  let words = vec4<u32>(vec2<u32>(q[place * 2u]), vec2<u32>(q[place * 2u + 1u]));
  let halves = (words >> vec4<u32>(0u, 16u, 0u, 16u)) & vec4<u32>(65535u);
  let value = select(vec4<i32>(halves), extractBits(vec4<i32>(halves), 0u, 16u), sizes.is_signed != 0u);
  y[place] = vec4<f32>(value - zero) * step;
}
