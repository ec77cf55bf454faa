// y[r, s] = weights[s] · occurrences of the sequences of slot s in row r of x, with equal steps of 1 … skips + 1.
// x [rows, length], integers; weights [slots]; y [rows, slots]; table: for each slot where its sequences begin and, one
// after the last slot, end; a sequence is its number of elements, and they.
// One invocation counts for one element of y, a workgroup for 64. No workgroup memory.
// Source: ONNX, TfIdfVectorizer-9.
//#include grid
fn occurs(sequence: u32, elements: u32, first: u32, step: u32) -> bool {
  for (var i = 0u; i < elements; i++) {
    if (i32(x_at(first + i * step)) != table[sequence + 1u + i]) { return false; }
  }
  return true;
}

fn count_of(sequence: u32, row: u32) -> u32 {
  let elements = u32(table[sequence]);
  // one element alone has nothing to leave out
  let steps = select(sizes.skips + 1u, 1u, elements == 1u);
  var count = 0u;
  for (var step = 1u; step <= steps; step++) {
    for (var first = 0u; first + (elements - 1u) * step < sizes.row_length; first++) {
      count += u32(occurs(sequence, elements, row * sizes.row_length + first, step));
    }
  }
  return count;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let slot = i % sizes.slots;
  var count = 0u;
  var sequence = u32(table[slot]);
  while (sequence < u32(table[slot + 1u])) {
    count += count_of(sequence, i / sizes.slots);
    sequence += 1u + u32(table[sequence]);
  }
  if (IS_ONCE) { count = min(count, 1u); }
  y_put(i, f32(count) * weights_at(slot));
}
