// y[o, rank, j] = x[o, places[line, rank], j].
// x [outer, size, inner], places [outer·inner, slots], y [outer, ranks, inner].
// One invocation computes one element (packed: those of one word); a workgroup computes 64. No workgroup memory.
// Source: ONNX TopK-11.
//#include each

fn element(at: u32) -> y_element {
  let j = at % sizes.inner;
  let o = at / sizes.inner / sizes.ranks;
  let rank = at / sizes.inner % sizes.ranks;
  let place = places_at((o * sizes.inner + j) * sizes.slots + rank);
  return x_at((o * sizes.size + place) * sizes.inner + j);
}
