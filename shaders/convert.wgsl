// Floats to integers of 32 bits: cut towards zero, saturating, NaN becomes 0.
fn cut_signed(x: f32) -> i32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u) { return 0; }
  if (x >= 2147483648.0) { return 0x7fffffff; }
  if (x <= -2147483648.0) { return -0x7fffffff - 1; }
  return i32(x);
}

fn cut_unsigned(x: f32) -> u32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u || x <= 0.0) { return 0u; }
  if (x >= 4294967296.0) { return 0xffffffffu; }
  return u32(x);
}

// NaN is true; bits, since a device may take denormals for 0.
fn is_not_zero(x: f32) -> u32 {
  return select(0u, 1u, (bitcast<u32>(x) & 0x7fffffffu) != 0u);
}

// SwiftShader rounds f32(u32) twice beyond 2^31: the half is converted, with what it lost in its last bit.
fn float_of(x: u32) -> f32 {
  return select(f32(i32(x)), 2.0 * f32(i32((x >> 1u) | (x & 1u))), x > 0x7fffffffu);
}
