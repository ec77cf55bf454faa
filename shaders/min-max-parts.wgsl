// Which elements of x, seen as [outer, channels, inner] from element `start` on, an invocation looks at: of one channel, every
// outer_parts-th slice, and there every inner_parts-th element. Pure functions, no workgroup memory.
// Neighbouring invocations take neighbouring elements: channel = (id / channel_step) mod channels, part likewise.
// float_key orders float32 as u32 does: −∞ … −0 = +0 … +∞. Source: Knuth, TAOCP 3, 5.2.5 (radix sort of signed numbers).
//#include grid
struct Share {
  channel: u32,
  part: u32,
  outer_start: u32,
  inner_start: u32,
}

fn share_of(id: u32) -> Share {
  let part = (id / sizes.part_step) % (sizes.outer_parts * sizes.inner_parts);
  let channel = (id / sizes.channel_step) % sizes.channels;
  return Share(channel, part, part / sizes.inner_parts, part % sizes.inner_parts);
}

fn float_key(bits: u32) -> u32 {
  if ((bits & 0x7fffffffu) == 0u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, bits >> 31u == 1u);
}

fn is_finite(bits: u32) -> bool {
  return (bits & 0x7f800000u) != 0x7f800000u;
}
