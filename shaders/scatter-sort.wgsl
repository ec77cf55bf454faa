// Each list of `scatter-link` in ascending order, so that sums of float32 do not depend on how invocations ran.
// next [tuples]; heads [blocks of the output].
// One invocation sorts one list by insertion, a workgroup 64 lists. No workgroup memory.
// Source: lists mostly come in descending order, for which insertion is linear.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let block = invocation(id, groups);
  if (block >= sizes.count) { return; }
  var sorted = 0u;
  var one = heads[block];
  while (one != 0u) {
    let following = next[one - 1u];
    if (sorted == 0u || one < sorted) {
      next[one - 1u] = sorted;
      sorted = one;
    } else {
      var before = sorted;
      while (next[before - 1u] != 0u && next[before - 1u] < one) { before = next[before - 1u]; }
      next[one - 1u] = next[before - 1u];
      next[before - 1u] = one;
    }
    one = following;
  }
  heads[block] = sorted;
}
