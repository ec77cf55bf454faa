// y[o, p] = finish(combine of load(x[o, i]) over part p of row o: tiles p, p + parts, … of WIDTH elements), in float32.
// x [outer, size], y [outer, parts]; a second dispatch with parts = 1 combines the parts.
// One workgroup computes one element of y: neighbours read neighbours, then a tree. One invocation sums size / WIDTH
// elements in four sums. Workgroup memory: WIDTH words, at most 1024 bytes.
// Source: M. Harris, "Optimizing parallel reduction in CUDA" (2007).
//#include math
//#slot formulas
alias Part = f32;
//#include across

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = group.x + group.y * groups.x;
  if (at >= sizes.rows) { return; }
  let start = at / sizes.parts * sizes.size;
  let tile = WIDTH * sizes.parts;
  // lanes beyond a short row combine its last element again, or add nothing
  let first = at % sizes.parts * WIDTH + lane;
  var a = element_at(start, first);
  var b = element_at(start, first + tile);
  var c = element_at(start, first + 2u * tile);
  var d = element_at(start, first + 3u * tile);
  for (var i = first + 4u * tile; i < sizes.size; i += 4u * tile) {
    a = combine(a, element_at(start, i));
    b = combine(b, element_at(start, i + tile));
    c = combine(c, element_at(start, i + 2u * tile));
    d = combine(d, element_at(start, i + 3u * tile));
  }
  let found = across(combine(combine(a, b), combine(c, d)), lane);
  if (lane == 0u) { y_put(at, finish(found)); }
}

fn element_at(start: u32, i: u32) -> f32 {
  if (i < sizes.size) { return load(x_at(start + i)); }
  return neutral(start);
}
