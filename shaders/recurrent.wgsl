// One step of one direction of a recurrent layer: entry b is at time t, where its state is that of the time before.
// gates [steps, batch, G·size] are x·Wᵀ with biases, recurrent [G·size, size]; the including file gives advance, which
// computes unit j of entry b at time t, and skip, for what an entry leaves once its steps are done.
// One invocation computes one unit of one entry; a workgroup computes 64. No workgroup memory.
// Source: ONNX LSTM-22, GRU-22, RNN-22.
//#include grid
//#include math
//#slot sources

// Unit j of a gate at time t, without its recurrent part.
fn gate_at(gate: u32, t: u32, b: u32, j: u32) -> f32 {
  return gates_at(((t * sizes.batch + b) * GATES + gate) * sizes.size + j);
}

// Flat index of unit j of entry b among [steps, batch, size].
fn place_of(t: u32, b: u32, j: u32) -> u32 {
  return (t * sizes.batch + b) * sizes.size + j;
}

// Σ_k recurrent[row, k] · state[b, k]
fn times_state(row: u32, t: u32, b: u32) -> f32 {
  var sum = 0.0;
  for (var k = 0u; k < sizes.size; k++) { sum += recurrent_at(row * sizes.size + k) * state_of(t, b, k); }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let b = at / sizes.size;
  let j = at % sizes.size;
  let length = length_of(b);
  if (sizes.now >= length) {
    skip(at, place_of(sizes.now, b, j), length == 0u);
    return;
  }
  advance(at, select(sizes.now, length - 1u - sizes.now, IS_REVERSE), b, j);
}
