// The first element of the block that a tuple of indices names: Σ place·strides + Σ index·steps, see `Blocks` in
// src/backends/place-calls.ts. `extents`: sizes of the place's axes; `limits`: sizes of those that the indices name.
// Pure of buffers but `indices` [tuples, DEPTH]; no workgroup memory.
//#include place
fn block_of(tuple: u32) -> u32 {
  var rest = tuple;
  var start = 0u;
  for (var axis = RANK; axis > 0u; axis--) {
    start += rest % extents(axis - 1u) * strides(axis - 1u);
    rest /= extents(axis - 1u);
  }
  for (var d = 0u; d < DEPTH; d++) {
    start += place(tuple * DEPTH + d, limits(d)) * steps(d);
  }
  return start;
}
