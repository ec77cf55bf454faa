// y[b, k] = x[b, k] combined with updates[t, k] for every tuple t in the list of block b.
// x, y [blocks, block]; updates [tuples, block]; next [tuples]; heads [blocks]: elements, or vectors of four along block.
// One invocation computes one element or vector, or one word of packed ones; a workgroup computes 64.
// No workgroup memory. Slot combine: fn combine(old: y_element, update: y_element) -> y_element.
// Source: ONNX, ScatterND-18 and ScatterElements-18.
//#include fault
//#include whole
//#slot combine
fn element(i: u32) -> y_element {
  var value = x_at(i);
  for (var one = heads[i / sizes.block]; one != 0u; one = next[one - 1u]) {
    value = combine(value, updates_at((one - 1u) * sizes.block + i % sizes.block));
  }
  return value;
}
//#include each
