// The 64 bits of a · b as (high, low).
fn multiply_wide(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let cross = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (cross & 0xffffu);
  return vec2<u32>((a >> 16u) * (b >> 16u) + (cross >> 16u) + (other >> 16u), (other << 16u) | (low & 0xffffu));
}
