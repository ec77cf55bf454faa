// y = x, for what plume bench calls the bandwidth of a device.
// x, y vec4 [count].
// One invocation copies one vector; a workgroup copies 64. No workgroup memory.
// Neighbouring invocations touch neighbouring vectors, so that whole cache lines move.
// Source: none.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = x[i];
}
