// channels_of(i): the channels of elements i … i + 3, c = ((phase + i) / inner) mod channels.
// Pure functions: no buffers, no workgroup memory. Source: `ChannelLayout` of src/backends/backend.ts.
fn channels_of(i: u32) -> vec4<u32> {
  let at = sizes.phase + i;
  let row = at / sizes.inner;
  if (at - row * sizes.inner + 3u < sizes.inner) { return vec4<u32>(row % sizes.channels); }
  return ((vec4<u32>(at) + vec4<u32>(0u, 1u, 2u, 3u)) / vec4<u32>(sizes.inner)) % vec4<u32>(sizes.channels);
}
