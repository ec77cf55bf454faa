// runs[line, c·kept + rank] = the place of the element of chunk c that has this rank in it, for ranks below kept.
// x [outer, size, inner]; runs [outer·inner, chunks·kept], chunks of sizes.chunk elements, each sorted.
// One invocation ranks one element against the others of its chunk; a workgroup ranks 64. No workgroup memory.
// Ranks are those of a strict order (of equals, the first comes first), so each place is written once.
//#include grid
//#include top-k-order

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let row = at / sizes.size;
  let own = at % sizes.size;
  let start = line_start(row);
  let key = key_of(x_at(start + own * sizes.inner));
  let chunk = own / sizes.chunk;
  let end = min(sizes.size, (chunk + 1u) * sizes.chunk);
  var rank = 0u;
  for (var i = chunk * sizes.chunk; i < end; i++) {
    rank += u32(is_before(key_of(x_at(start + i * sizes.inner)), i, key, own));
  }
  if (rank < sizes.kept) { runs_put(row * sizes.slots + chunk * sizes.kept + rank, own); }
}
