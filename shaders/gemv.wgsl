// y[b, j] = activate(alpha · Σ_k A[b][k] · op(B[b])[k, j] + bias): a product whose left matrix has one row.
// A: rows of k from origins(b) on; B: matrices; y [batches, 1, n]; bias per column, whole or one number.
// One invocation computes four elements, reading each element of B once; a workgroup 256. No workgroup memory.
// For software adapters, where a barrier costs more than the loop. Source: the definition.
//#include grid
//#include gemm-right
//#include gemm-row
//#include gemm-finish

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let across = (sizes.n + 3u) / 4u;
  let batch = i / across;
  let column = i % across * 4u;
  let origin = origins(batch);
  var sum = vec4<f32>();
  for (var k = 0u; k < sizes.k; k += 4u) {
    sum += b_block(origin.y, column, k) * a_vector(origin.x, k);
  }
  finish(batch, 0u, column, sum);
}
