// h ← tanh(gate + R·h)
// gates [steps, batch, size], recurrent [size, size], hidden [steps, batch, size], last [batch, size].
// One invocation computes one unit of one entry; a workgroup computes 64. No workgroup memory.
// Source: ONNX RNN-22.
//#include recurrent

fn advance(at: u32, t: u32, b: u32, j: u32) {
  let h = math_tanh(gate_at(0u, t, b, j) + times_state(j, t, b));
  last_put(at, h);
  hidden_put(place_of(t, b, j), h);
}

fn skip(at: u32, place: u32, is_empty: bool) {
  hidden_put(place, 0.0);
  if (is_empty) { last_put(at, 0.0); }
}
