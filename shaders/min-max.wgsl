// ranges[0, p, c] = least key, [1, p, c] = greatest key, [2, p, c] = index of the first element that is not finite, of the
// elements of channel c that part p looks at. x float32 as [outer, channels, inner] from `start` on; ranges u32 [3, parts, channels].
// One invocation computes one part of one channel in a loop; a workgroup 64 of them. No workgroup memory.
// Without elements: 2³² − 1, 0, 2³² − 1. Source: src/backends/README.md, "Ranges are exact".
//#include min-max-parts
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  let parts = sizes.outer_parts * sizes.inner_parts;
  if (at >= parts * sizes.channels) { return; }
  let share = share_of(at);
  var low = 0xffffffffu;
  var high = 0u;
  var first = 0xffffffffu;
  for (var o = share.outer_start; o < sizes.outer; o += sizes.outer_parts) {
    let row = sizes.start + (o * sizes.channels + share.channel) * sizes.inner;
    for (var i = share.inner_start; i < sizes.inner; i += sizes.inner_parts) {
      let bits = bitcast<u32>(x_at(row + i));
      let key = float_key(bits);
      let isCounted = is_finite(bits);
      low = select(low, min(low, key), isCounted);
      high = select(high, max(high, key), isCounted);
      first = select(min(first, row + i), first, isCounted);
    }
  }
  let place = share.part * sizes.channels + share.channel;
  ranges[place] = low;
  ranges[parts * sizes.channels + place] = high;
  ranges[2u * parts * sizes.channels + place] = first;
}
