// counts[c, b] += number of finite x of channel c with clamp(roundHalfEven(fround(x · reciprocal[c])) − first[c]) = b.
// x float32 as [outer, channels, inner] from `start` on; reciprocal float32 (as bits) and first int32 [channels]; counts u32 [channels, bins].
// One invocation counts one part of one channel in a loop; a workgroup 64 of them. No workgroup memory: counts are atomic.
// Source: src/backends/README.md, "Histograms".
//#include min-max-parts
//#include quantize-product
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let at = invocation(id, groups);
  if (at >= sizes.outer_parts * sizes.inner_parts * sizes.channels) { return; }
  let share = share_of(at);
  let channel = sizes.channel + share.channel;
  let factor = bitcast<u32>(reciprocal_at(channel));
  let offset = bitcast<i32>(first_at(channel));
  for (var o = share.outer_start; o < sizes.outer; o += sizes.outer_parts) {
    let row = sizes.start + (o * sizes.channels + share.channel) * sizes.inner;
    for (var i = share.inner_start; i < sizes.inner; i += sizes.inner_parts) {
      let bits = bitcast<u32>(x_at(row + i));
      if (!is_finite(bits)) { continue; }
      let bin = clamp(rounded(bits, factor) - offset, 0, i32(sizes.bins) - 1);
      atomicAdd(&counts[channel * sizes.bins + u32(bin)], 1u);
    }
  }
}
