// y = fround((q − zero_point[c]) · scale[c]) with q = clamp(roundHalfEven(fround(x · reciprocal[c])) + zero_point[c]).
// x float32 [count] as bits; reciprocal (as bits), scale float32 [channels], zero_point int32 [channels]; y float32 [count].
// One invocation computes one element; a workgroup computes 64. No workgroup memory. c and scales as in dequantize.wgsl.
// Source: src/backends/README.md.
//#include grid
//#include quantize-product
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.elements) { return; }
  let channel = ((sizes.phase + i) / sizes.inner) % sizes.channels;
  let zero = zero_point[channel];
  let value = clamp(rounded(x[i], reciprocal[channel]) + zero, sizes.low, sizes.high);
  y[i] = f32(value - zero) * scale[channel];
}
