// Blocks of 4×4 elements for matrix products, in registers. A line is a row of op(A) or a column of op(B): both are summed
// over k. Column q of a block holds k + q, its lane i line + i. Lines beyond the last repeat it, what lies beyond k is 0.
// How a block is read depends on how the matrix lies in memory: the slots come from kernels/gemm-reads.ts.
//#include gemm-origins
fn b_block(origin: u32, line: u32, k: u32) -> mat4x4<f32> {
  //#slot b_block
}
