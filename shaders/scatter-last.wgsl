// heads[block(t) / block] = the largest t + 1 of the tuples that name a block; it was 0.
// indices [tuples, DEPTH]; heads [blocks of the output].
// One invocation looks at one tuple, a workgroup at 64. No workgroup memory.
// Source: the largest of integers does not depend on the order in which they come, so the last update wins for certain.
//#include grid
//#include blocks
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let tuple = invocation(id, groups);
  if (tuple >= sizes.count) { return; }
  atomicMax(&heads[block_of(tuple) / sizes.block], tuple + 1u);
}
