// y = fround((q − zero_point[c]) · scale[c]), c = ((phase + i) / inner) mod channels; scales lie in [2⁻¹²⁶, 2¹¹⁸).
// q bytes [count], four a word, signed where low < 0; scale float32 [channels], zero_point int32 [channels]; y float32 [count].
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: src/backends/README.md. |q − zero_point| < 2⁹, so that no product is denormal or too large.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.elements) { return; }
  let channel = ((sizes.phase + i) / sizes.inner) % sizes.channels;
  let byte = (q[i / 4u] >> ((i % 4u) * 8u)) & 255u;
  let value = select(i32(byte), extractBits(i32(byte), 0u, 8u), sizes.low < 0);
  y[i] = f32(value - zero_point[channel]) * scale[channel];
}
