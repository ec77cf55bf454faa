// cell[b, j] = the initial cell, or 0, before the first step; entries whose length is not in [0, steps] raise a fault.
// cell [batch, size].
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: ONNX LSTM-22.
//#include fault
//#include grid
//#slot sources

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let length = given_length(at / sizes.size);
  if (length < 0 || length > i32(sizes.steps)) { raise(length); }
  cell_put(at, initial_of(at));
}
