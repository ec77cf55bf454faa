// reset[b, j] = σ(gate + R·h) ⊙ h, the state that the candidate sees.
// gates [steps, batch, 3·size] in the order z r h, recurrent [3·size, size], reset [batch, size].
// One invocation computes one unit of one entry; a workgroup computes 64. No workgroup memory.
// Source: ONNX GRU-22.
//#include recurrent

fn advance(at: u32, t: u32, b: u32, j: u32) {
  let reset = math_sigmoid(gate_at(1u, t, b, j) + times_state(sizes.size + j, t, b));
  reset_put(at, reset * state_of(t, b, j));
}

fn skip(at: u32, place: u32, is_empty: bool) {
  reset_put(at, 0.0);
}
