// y[4i + c] = formula(x0[…], x1[…], …): `map.wgsl` for last axes of whole vectors.
// x: any shapes, float32, contiguous along the last axis, or with one element there; y: float32.
// One invocation computes four elements; a workgroup computes 256. No workgroup memory.
// The slots are written by src/backends/webgpu/expressions.ts and kernels/map.ts.
//#include grid
//#include math
//#include quotient
//#include broadcast
//#slot formula

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  //#slot inputs
  //#slot result
}
