// The order of elements: value a at place i stands before value b at place k. Equal ones stand as they do in their line.
// comes_first(a, b) is strict, in the type of x, with NaN above all numbers. Pure functions, no workgroup memory.
//#slot order

fn is_before(a: x_element, i: u32, b: x_element, k: u32) -> bool {
  if (comes_first(a, b)) { return true; }
  if (comes_first(b, a)) { return false; }
  return i < k;
}

// Flat index of the first element of a line of [outer, size, inner].
fn line_start(row: u32) -> u32 {
  return row / sizes.inner * sizes.size * sizes.inner + row % sizes.inner;
}
