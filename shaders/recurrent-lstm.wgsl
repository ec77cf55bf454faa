// i, o, f = σ(gate + R·h + P ⊙ c), c ← f ⊙ c + i ⊙ tanh(gate + R·h), h = o ⊙ tanh(c); the o gate sees the new c.
// gates [steps, batch, 4·size] in the order i o f c, recurrent [4·size, size], hidden [steps, batch, size], last, cell
// [batch, size]. One invocation computes one unit of one entry; a workgroup computes 64. No workgroup memory.
// Source: ONNX LSTM-22.
//#include recurrent

fn advance(at: u32, t: u32, b: u32, j: u32) {
  let size = sizes.size;
  var sums = vec4<f32>(gate_at(0u, t, b, j), gate_at(1u, t, b, j), gate_at(2u, t, b, j), gate_at(3u, t, b, j));
  for (var k = 0u; k < size; k++) {
    let row = vec4<f32>(
      recurrent_at(j * size + k),
      recurrent_at((size + j) * size + k),
      recurrent_at((2u * size + j) * size + k),
      recurrent_at((3u * size + j) * size + k),
    );
    sums += row * state_of(t, b, k);
  }
  let before = cell_at(at);
  let input = math_sigmoid(sums.x + peephole_of(0u, j) * before);
  let forget = math_sigmoid(sums.z + peephole_of(2u, j) * before);
  let next = forget * before + input * math_tanh(sums.w);
  let output = math_sigmoid(sums.y + peephole_of(1u, j) * next);
  let h = output * math_tanh(next);
  cell_put(at, next);
  last_put(at, h);
  hidden_put(place_of(t, b, j), h);
}

fn skip(at: u32, place: u32, is_empty: bool) {
  hidden_put(place, 0.0);
  if (is_empty) {
    cell_put(at, 0.0);
    last_put(at, 0.0);
  }
}
