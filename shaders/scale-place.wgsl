// scale_place(i): the index of the scale of element i of [outer, channels, inner]: its channel; or with blocks of `block` neighbours
// among the channels, its place in [outer, ceil(channels / block), inner].
// Pure function: no buffers, no workgroup memory. Source: ONNX QuantizeLinear, `axis` and `block_size`.
fn scale_place(i: u32) -> u32 {
  let channel = (i / sizes.inner) % sizes.channels;
  if (sizes.block == 0u) { return channel; }
  let outer = i / (sizes.inner * sizes.channels);
  return (outer * sizes.blocks + channel / sizes.block) * sizes.inner + i % sizes.inner;
}
