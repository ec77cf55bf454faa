// y[s, b, k] = x[lengths[b] - 1 - s, b, k] for s < lengths[b], else x[s, b, k].
// x, y [size, batch, inner], or [batch, size, inner] where BATCH_FIRST; lengths [batch]; vectors of four along inner, or
// elements.
// One invocation computes one element or vector, or one word of packed ones; a workgroup computes 64. No workgroup memory.
// Source: ONNX, ReverseSequence-10.
//#include fault
fn length_of(batch: u32) -> u32 {
  let length = lengths_at(batch);
  if (length >= 0 && length <= i32(sizes.size)) { return u32(length); }
  raise_outside(length, sizes.size);
  return 0u;
}

fn element(i: u32) -> y_element {
  let row = i / sizes.inner;
  let k = i - row * sizes.inner;
  let step = select(row / sizes.batch, row % sizes.size, BATCH_FIRST);
  let batch = select(row % sizes.batch, row / sizes.size, BATCH_FIRST);
  let length = length_of(batch);
  let source = select(step, length - 1u - step, step < length);
  return x_at(select(source * sizes.batch + batch, batch * sizes.size + source, BATCH_FIRST) * sizes.inner + k);
}
//#include each
