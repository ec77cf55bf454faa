// y = clamp(roundHalfEven(fround(x · reciprocal[c])) + zero_point[c]), c = ((phase + i) / inner) mod channels.
// x float32 [count] as bits, reciprocal float32 [channels] as bits, zero_point int32 [channels]; y bytes [count], four a word.
// One invocation computes one word; a workgroup computes 64. No workgroup memory.
// Source: src/backends/README.md, "The same integers".
//#include grid
//#include quantize-product
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let word = invocation(id, groups);
  if (word * 4u >= sizes.elements) { return; }
  var row = (sizes.phase + word * 4u) / sizes.inner;
  var column = sizes.phase + word * 4u - row * sizes.inner;
  row = row % sizes.channels;
  var packed = 0u;
  for (var lane = 0u; lane < min(4u, sizes.elements - word * 4u); lane++) {
    let q = clamp(rounded(x[word * 4u + lane], reciprocal[row]) + zero_point[row], sizes.low, sizes.high);
    packed |= (u32(q) & 255u) << (lane * 8u);
    column++;
    if (column == sizes.inner) {
      column = 0u;
      row = select(row + 1u, 0u, row + 1u == sizes.channels);
    }
  }
  y[word] = packed;
}
