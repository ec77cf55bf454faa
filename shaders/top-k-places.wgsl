// y[o, rank, j] = places[line, rank].
// places [outer·inner, slots], y [outer, ranks, inner] of int64.
// One invocation computes one element; a workgroup computes 64. No workgroup memory.
// Source: ONNX TopK-11.
//#include each

fn element(at: u32) -> y_element {
  let j = at % sizes.inner;
  let o = at / sizes.inner / sizes.ranks;
  let rank = at / sizes.inner % sizes.ranks;
  return i32(places_at((o * sizes.inner + j) * sizes.slots + rank));
}
