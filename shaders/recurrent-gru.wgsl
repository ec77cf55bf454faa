// z = σ(gate + R·h), n = tanh(gate + candidate part), h ← (1 − z) ⊙ n + z ⊙ h. The candidate part is r ⊙ (R·h + bias)
// where it is linear before the reset, else R·(r ⊙ h) + bias, with r ⊙ h of recurrent-gru-reset.wgsl.
// gates [steps, batch, 3·size] in the order z r h, recurrent [3·size, size], hidden [steps, batch, size], last [batch, size].
// One invocation computes one unit of one entry; a workgroup computes 64. No workgroup memory.
// Source: ONNX GRU-22.
//#include recurrent
//#slot candidate

fn advance(at: u32, t: u32, b: u32, j: u32) {
  let update = math_sigmoid(gate_at(0u, t, b, j) + times_state(j, t, b));
  let next = math_tanh(gate_at(2u, t, b, j) + candidate_of(t, b, j));
  let h = (1.0 - update) * next + update * state_of(t, b, j);
  last_put(at, h);
  hidden_put(place_of(t, b, j), h);
}

fn skip(at: u32, place: u32, is_empty: bool) {
  hidden_put(place, 0.0);
  if (is_empty) { last_put(at, 0.0); }
}
