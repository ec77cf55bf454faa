// y[b, i, j] = activate(alpha · Σ_k op(A[b])[i, k] · op(B[b])[k, j] + bias), straight from storage, in registers.
// A, B: matrices from origins(b) on; y [batches, m, n]; bias per column, per row, whole or one number.
// One invocation computes 8×8 elements as four 4×4 products of blocks (4×4 elements unless WIDE); a workgroup 64 tiles.
// No workgroup memory: on software adapters a product of blocks does more arithmetic per checked access than anything else.
// Source: register blocking as in Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.
//#include grid
//#include gemm-right
//#include gemm-left
//#include gemm-finish

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let tile = invocation(id, groups);
  if (tile >= sizes.count) { return; }
  let size = select(4u, 8u, WIDE);
  let across = (sizes.n + size - 1u) / size;
  let down = (sizes.m + size - 1u) / size;
  let batch = tile / (across * down);
  let row = (tile / across) % down * size;
  let column = tile % across * size;
  let origin = origins(batch);
  var c00 = mat4x4<f32>();
  var c01 = mat4x4<f32>();
  var c10 = mat4x4<f32>();
  var c11 = mat4x4<f32>();
  for (var k = 0u; k < sizes.k; k += 4u) {
    // columns of c are rows of y: Σ_q b[q] · a[row, q]
    let a0 = transpose(a_block(origin.x, row, k));
    let b0 = b_block(origin.y, column, k);
    c00 += b0 * a0;
    if (WIDE) {
      let a1 = transpose(a_block(origin.x, row + 4u, k));
      let b1 = b_block(origin.y, column + 4u, k);
      c01 += b1 * a0;
      c10 += b0 * a1;
      c11 += b1 * a1;
    }
  }
  if (WIDE) {
    finish_blocks(batch, vec2<u32>(row, row + 4u), vec2<u32>(column, column + 4u), array(c00, c01, c10, c11));
  } else {
    finish_block(batch, row, column, c00);
  }
}
