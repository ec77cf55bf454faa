// y[b, k] = updates[heads[b] - 1, k], or x[b, k] where heads[b] is 0.
// x, y [blocks, block]; updates [tuples, block]; heads [blocks]: elements, or vectors of four along block.
// One invocation computes one element or vector, or one word of packed ones; a workgroup computes 64.
// No workgroup memory.
// Source: ONNX, ScatterND-18 and ScatterElements-18, reduction none.
fn element(i: u32) -> y_element {
  let last = heads[i / sizes.block];
  if (last == 0u) { return x_at(i); }
  return updates_at((last - 1u) * sizes.block + i % sizes.block);
}
//#include each
