// y[b, o, i, k] = updates[b, o, i - starts[b], k] where there is such an entry, else x[b, o, i, k].
// x, y [batch, outer, size, inner]; updates [batch, outer, length, inner]; starts [batch]; vectors of four along inner, or
// elements. CIRCULAR: entries beyond the end go on at the start.
// One invocation computes one element or vector, or one word of packed ones; a workgroup computes 64. No workgroup memory.
// Source: ONNX, TensorScatter-24.
//#include fault
fn start_of(batch: u32) -> u32 {
  let start = starts_at(batch);
  let isInside = start >= 0 && (CIRCULAR || start <= i32(sizes.size) - i32(sizes.length));
  if (isInside) { return u32(start) % sizes.size; }
  raise_outside(start, sizes.size);
  return 0u;
}

fn element(i: u32) -> y_element {
  let line = i / sizes.inner / sizes.size;
  var entry = i32(i / sizes.inner % sizes.size) - i32(start_of(line / sizes.outer));
  if (CIRCULAR && entry < 0) { entry += i32(sizes.size); }
  if (entry < 0 || entry >= i32(sizes.length)) { return x_at(i); }
  return updates_at((line * sizes.length + u32(entry)) * sizes.inner + i % sizes.inner);
}
//#include each
