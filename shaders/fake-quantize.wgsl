// y = fround((q − zero_point[c]) · scale[c]) with q = clamp(roundHalfEven(fround(x · reciprocal[c])) + zero_point[c]).
// x float32 [count], in vectors; reciprocal (as bits), scale float32 [channels], zero_point int32 [channels]; y as x.
// One invocation computes four elements; a workgroup computes 256. No workgroup memory. c and scales as in dequantize.wgsl.
// Source: src/backends/README.md.
//#include grid
//#include quantize-channels
//#include quantize-product
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let word = invocation(id, groups);
  if (word * 4u >= sizes.elements) { return; }
  let c = channels_of(word * 4u);
  let factor = vec4<u32>(reciprocal[c.x], reciprocal[c.y], reciprocal[c.z], reciprocal[c.w]);
  let step = vec4<f32>(scale[c.x], scale[c.y], scale[c.z], scale[c.w]);
  let zero = vec4<i32>(zero_point[c.x], zero_point[c.y], zero_point[c.z], zero_point[c.w]);
  let q = clamp(rounded4(bitcast<vec4<u32>>(x[word]), factor) + zero, vec4<i32>(sizes.low), vec4<i32>(sizes.high));
  y[word] = vec4<f32>(q - zero) * step;
}
