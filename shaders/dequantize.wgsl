// y = fround((q − zero_point[c]) · scale[c]); quantize-channels.wgsl says which c; scales lie in [2⁻¹²⁶, 2¹¹⁸).
// q bytes [count], four a word, signed where `is_signed`; scale float32, zero_point int32 [channels]; y float32 [count], in vectors.
// One invocation computes four elements; a workgroup computes 256. No workgroup memory.
// Source: src/backends/README.md. |q − zero_point| < 2⁹, so that no product is denormal or too large.
//#include grid
//#include quantize-channels
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let word = invocation(id, groups);
  if (word * 4u >= sizes.elements) { return; }
  let c = channels_of(word * 4u);
  let step = vec4<f32>(scale[c.x], scale[c.y], scale[c.z], scale[c.w]);
  let zero = vec4<i32>(zero_point[c.x], zero_point[c.y], zero_point[c.z], zero_point[c.w]);
  let bytes = (vec4<u32>(q[word]) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u);
  let value = select(vec4<i32>(bytes), extractBits(vec4<i32>(bytes), 0u, 8u), sizes.is_signed != 0u);
  y[word] = vec4<f32>(value - zero) * step;
}
