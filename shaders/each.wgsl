// y[i] = element(i), for every i below sizes.count.
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  y_put(i, element(i));
}
