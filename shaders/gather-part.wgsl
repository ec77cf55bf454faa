// y[i, k] = table[indices[i], k] where the row lies in [first, first + held), which is what is bound of a large table.
// x [held, inner]: elements of 32 bits, or vectors of four along inner; indices [entries]; y [entries, inner].
// One invocation computes one element or vector, a workgroup 64. No workgroup memory. Other rows belong to other parts.
// Source: ONNX, Gather-13 along the first axis.
//#include grid
//#include place
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let row = place(i / sizes.inner, sizes.size);
  if (row < sizes.first || row >= sizes.first + sizes.held) { return; }
  y_put(i, x_at((row - sizes.first) * sizes.inner + i % sizes.inner));
}
