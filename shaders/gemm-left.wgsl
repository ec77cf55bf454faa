// A block of the left matrix, as gemm-right.wgsl says.
fn a_block(origin: u32, line: u32, k: u32) -> mat4x4<f32> {
  //#slot a_block
}
