// y[b, i, j] = activate(alpha · Σ_k op(A[b])[i, k] · op(B[b])[k, j] + bias), any alignment; also integers, which wrap.
// A, B: matrices from origins(b) on, with strides of their own; y [batches, m, n]; bias per column, per row, whole or one number.
// One invocation computes one element, a workgroup 64 that follow each other. No workgroup memory.
// Source: the definition. The faster forms (gemm-tiled, gemm-shared, gemv) are tested against the same results.
//#include grid
//#include gemm-origins
//#include math
//#slot activation
//#slot reads

fn finished(batch: u32, row: u32, column: u32, sum: y_element) -> y_element {
  //#slot finish
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let column = i % sizes.n;
  let row = (i / sizes.n) % sizes.m;
  let batch = i / (sizes.n * sizes.m);
  let start = origins(batch) + vec2<u32>(row * sizes.a_line, column * sizes.b_line);
  var sum = y_element();
  for (var k = 0u; k < sizes.k; k++) {
    sum += left(start.x + k * sizes.a_step) * right(start.y + k * sizes.b_step);
  }
  y_put(sizes.y_from + (batch * sizes.m + row) * sizes.y_lead + column, finished(batch, row, column, sum));
}
