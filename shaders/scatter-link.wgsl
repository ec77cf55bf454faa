// The tuples that name a block as a list: heads[block] is one of them, next[t] the one after t; numbers are t + 1, 0 ends.
// indices [tuples, DEPTH]; next [tuples]; heads [blocks of the output], 0 before.
// One invocation links one tuple, a workgroup 64. No workgroup memory. The order of a list is open.
// Source: J. Yang et al., "Real-Time Concurrent Linked List Construction on the GPU", EGSR 2010.
//#include grid
//#include blocks
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let tuple = invocation(id, groups);
  if (tuple >= sizes.count) { return; }
  next[tuple] = atomicExchange(&heads[block_of(tuple) / sizes.block], tuple + 1u);
}
