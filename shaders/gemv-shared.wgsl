// y[b, j] = activate(alpha · Σ_k A[b][k] · op(B[b])[k, j] + bias): a product whose left matrix has one row.
// A: rows of k from origins(b) on; B: matrices; y [batches, 1, n]; bias per column, whole or one number.
// One invocation sums a 16th of k for four elements; a workgroup of 64 computes 16 elements.
// Workgroup memory: 1 KB of partial sums. Neighbouring invocations read neighbouring memory: along k where B lies so.
// Source: the definition, cut along k so that one row still fills a GPU.
//#include gemm-right
//#include gemm-row
//#include gemm-finish

const SLICES = 16u;
const QUADS = 4u;
var<workgroup> partial: array<vec4<f32>, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let task = group.x + group.y * groups.x;
  if (task >= sizes.tasks) { return; }
  let across = (sizes.n + 4u * QUADS - 1u) / (4u * QUADS);
  let batch = task / across;
  let slice = select(local / QUADS, local % SLICES, B_ALONG_K);
  let quad = select(local % QUADS, local / SLICES, B_ALONG_K);
  let column = (task % across * QUADS + quad) * 4u;
  let origin = origins(batch);
  var sum = vec4<f32>();
  for (var k = 4u * slice; k < sizes.k; k += 4u * SLICES) {
    sum += b_block(origin.y, column, k) * a_vector(origin.x, k);
  }
  partial[quad * SLICES + slice] = sum;
  workgroupBarrier();
  if (slice > 0u) { return; }
  for (var i = 1u; i < SLICES; i++) { sum += partial[quad * SLICES + i]; }
  finish(batch, 0u, column, sum);
}
