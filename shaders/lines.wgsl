// One part of a line of x [outer, size, inner]: load and combine are given by the file that includes this one.
// line(at) is that of y[o, p, j], at its flat index; no part is empty: parts <= size. One invocation, no workgroup memory.
//#include each

fn line(at: u32) -> x_element {
  let j = at % sizes.inner;
  let row = at / sizes.inner;
  let start = row / sizes.parts * sizes.size * sizes.inner + j;
  let first = row % sizes.parts;
  let span = 64u * sizes.parts;
  var total = block(start, first, span);
  for (var i = first + span; i < sizes.size; i += span) { total = combine(total, block(start, i, span)); }
  return total;
}

fn block(start: u32, first: u32, span: u32) -> x_element {
  var found = load(x_at(start + first * sizes.inner));
  let end = min(sizes.size, first + span);
  for (var i = first + sizes.parts; i < end; i += sizes.parts) {
    found = combine(found, load(x_at(start + i * sizes.inner)));
  }
  return found;
}
