// y[t, k] = x[block(t) + k]: blocks that tuples of indices name.
// x: any shape; indices [tuples, DEPTH]; y [tuples, block]: elements, or vectors of four along block.
// One invocation computes one element or vector, or one word of packed ones; a workgroup computes 64.
// No workgroup memory.
// Source: ONNX, GatherND-13 and GatherElements-13.
//#include blocks
fn element(i: u32) -> y_element {
  return x_at(block_of(i / sizes.block) + i % sizes.block);
}
//#include each
