// y[row, column … column + 3] = activate(alpha · sum + bias), with what lies outside of y left out.
// Where k was cut, the sum goes on from what an earlier dispatch left in y. The slot comes from kernels/gemm-reads.ts.
//#include math
//#slot activation
fn finish(batch: u32, row: u32, column: u32, sum: vec4<f32>) {
  if (row >= sizes.m || column >= sizes.n) { return; }
  let at = sizes.y_from + (batch * sizes.m + row) * sizes.y_lead + column;
  let last = sizes.n - 1u;
  var value = sizes.alpha * sum;
  //#slot finish
}

// A block whose columns are rows of y.
fn finish_block(batch: u32, row: u32, column: u32, block: mat4x4<f32>) {
  var found = block;
  for (var i = 0u; i < 4u; i++) { finish(batch, row + i, column, found[i]); }
}

// Four such blocks: rows.x or rows.y on, columns.x or columns.y on. A loop, since an activation is many instructions.
fn finish_blocks(batch: u32, rows: vec2<u32>, columns: vec2<u32>, blocks: array<mat4x4<f32>, 4>) {
  var found = blocks;
  for (var i = 0u; i < 16u; i++) {
    let block = i / 4u;
    finish(batch, rows[block / 2u] + i % 4u, columns[block % 2u], found[block][i % 4u]);
  }
}
