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
  let step = sizes.inner_parts;
  for (var o = share.outer_start; o < sizes.outer; o += sizes.outer_parts) {
    let row = sizes.start + (o * sizes.channels + share.channel) * sizes.inner;
    // four elements at once; those beyond the row are read again and not counted
    for (var i = share.inner_start; i < sizes.inner; i += 4u * step) {
      let at = vec4<u32>(i, i + step, i + 2u * step, i + 3u * step);
      let place = vec4<u32>(row) + min(at, vec4<u32>(sizes.inner - 1u));
      let bits = bitcast<vec4<u32>>(vec4<f32>(x_at(place.x), x_at(place.y), x_at(place.z), x_at(place.w)));
      let isFinite = (bits & vec4<u32>(0x7f800000u)) != vec4<u32>(0x7f800000u);
      let isCounted = (at < vec4<u32>(sizes.inner)) & isFinite;
      let steps = rounded4(bits, vec4<u32>(factor)) - vec4<i32>(offset);
      let bin = vec4<u32>(clamp(steps, vec4<i32>(0), vec4<i32>(i32(sizes.bins) - 1))) + vec4<u32>(channel * sizes.bins);
      if (isCounted.x) { atomicAdd(&counts[bin.x], 1u); }
      if (isCounted.y) { atomicAdd(&counts[bin.y], 1u); }
      if (isCounted.z) { atomicAdd(&counts[bin.z], 1u); }
      if (isCounted.w) { atomicAdd(&counts[bin.w], 1u); }
    }
  }
}
