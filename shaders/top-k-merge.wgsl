// Pairs of sorted runs become runs of twice the length: an element's rank is its own place plus that which it would have
// in the other run, found by halving. Of each merged run the first kept elements stay.
// x [outer, size, inner]; runs [outer·inner, runs · held] → merged [outer·inner, half of the runs · kept], places in a line.
// One invocation moves one element; a workgroup moves 64. No workgroup memory.
// Source: O. Green, R. McColl and D. Bader, "GPU merge path", ICS 2012 (ranks by binary search).
//#include grid
//#include top-k-order

// Elements of a run: those that are there, at most sizes.held.
fn length_of(run: u32) -> u32 {
  let first = run * sizes.span;
  return min(sizes.held, min(sizes.size, first + sizes.span) - min(sizes.size, first));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.count) { return; }
  let row = at / sizes.slots;
  let run = at % sizes.slots / sizes.held;
  let place = at % sizes.held;
  if (place >= length_of(run)) { return; }
  let start = line_start(row);
  let own = runs_at(at);
  let key = key_of(x_at(start + own * sizes.inner));
  let other = run ^ 1u;
  let base = row * sizes.slots + other * sizes.held;
  var low = 0u;
  var high = length_of(other);
  while (low < high) {
    let middle = (low + high) / 2u;
    let rival = runs_at(base + middle);
    let rival_key = key_of(x_at(start + rival * sizes.inner));
    if (is_before(rival_key, rival, key, own)) { low = middle + 1u; } else { high = middle; }
  }
  let rank = place + low;
  if (rank < sizes.kept) { merged_put(row * sizes.next_slots + run / 2u * sizes.kept + rank, own); }
}
