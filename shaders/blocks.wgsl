// The first element of the block that a tuple of indices names: Σ place·strides + Σ index·steps, see `Blocks` in
// src/backends/place-calls.ts.
// Slot tuple: adds to `start` what the axes of the place (taken from `rest`, the last first) and each index give.
// Pure of buffers but `indices` [tuples, depth]; no workgroup memory.
//#include place
fn block_of(tuple: u32) -> u32 {
  var rest = tuple;
  var start = 0u;
  //#slot tuple
  return start;
}
