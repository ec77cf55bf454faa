// y[o, i, k] = x[o, indices[i], k], where negative indices count from the end.
// x [outer, size, inner]; indices [entries]; y [outer, entries, inner]: elements, or vectors of four along inner.
// One invocation computes one element or vector, or one word of packed ones; a workgroup computes 64.
// No workgroup memory.
// Source: ONNX, Gather-13.
//#include place
fn element(i: u32) -> y_element {
  let entry = i / sizes.inner;
  let outer = entry / sizes.entries;
  let row = outer * sizes.size + place(entry - outer * sizes.entries, sizes.size);
  return x_at(row * sizes.inner + i - entry * sizes.inner);
}
//#include each
