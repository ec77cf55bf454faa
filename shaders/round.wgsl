// Floats rounded to types that are narrower than float32, by their bits; ties to even. Sources: src/core/minifloat.ts.

// To the first 8 bits of the fraction and exponent of float32.
fn round_bfloat16(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return x; }
  return bitcast<f32>((bits + 0x7fffu + ((bits >> 16u) & 1u)) & 0xffff0000u);
}

// To a type with sizes.fraction_bits, the exponent of its smallest normal number, and its largest number. Larger ones and
// NaN become what sizes say; `has_zeros`: it knows -0.
fn round_float(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  let sign = bits & 0x80000000u;
  if (magnitude > 0x7f800000u) { return bitcast<f32>(sizes.of_nan); }
  // x = m · 2^(e - 23)
  let e = i32(magnitude >> 23u) - 127;
  let quantum = max(e, sizes.least_exponent) - i32(sizes.fraction_bits);
  let shift = u32(quantum - e + 23);
  // below half of the least number, denormals of float32 among them
  var rounded = 0u;
  if (shift < 25u) {
    let m = (magnitude & 0x7fffffu) | 0x800000u;
    let down = m >> shift;
    let rest = m & ((1u << shift) - 1u);
    let half = 1u << (shift - 1u);
    rounded = down + u32(rest > half || (rest == half && (down & 1u) == 1u));
  }
  if (rounded == 0u) { return bitcast<f32>(sign * sizes.has_zeros); }
  let made = bitcast<u32>(f32(rounded) * bitcast<f32>(u32(quantum + 127) << 23u));
  if (made > sizes.largest) { return bitcast<f32>(sign_of(sign, sizes.beyond)); }
  return bitcast<f32>(sign | made);
}

// NaN has no sign here.
fn sign_of(sign: u32, bits: u32) -> u32 {
  return select(sign | bits, bits, bits > 0x7f800000u);
}

// To a power of two: up (0), down (1) or to the nearest, ties away (2). What is too small or too large becomes the end of
// the range, or NaN.
fn round_power(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let nan = 0x7fc00000u;
  if (bits > 0x7f800000u && bits != 0x80000000u) { return bitcast<f32>(nan); }
  let magnitude = bits & 0x7fffffffu;
  // 2^-127, a denormal
  if (magnitude < 0x00400000u) { return bitcast<f32>(select(nan, 0x00400000u, sizes.saturates == 1u)); }
  let is_small = magnitude < 0x00800000u;
  let power = select(magnitude & 0x7f800000u, 0x00400000u, is_small);
  let rest = magnitude - power;
  let half = select(0x00400000u, 0x00200000u, is_small);
  let is_up = (sizes.rounding == 0u && rest > 0u) || (sizes.rounding == 2u && rest >= half);
  // from 2^-127 the next is 2^-126
  let made = power + u32(is_up) * select(0x00800000u, 0x00400000u, is_small);
  let largest = 0x7f000000u;
  if (made <= largest) { return bitcast<f32>(made); }
  return bitcast<f32>(select(nan, largest, sizes.saturates == 1u));
}

// The float next to an integer, away from the even one where it is none: rounding it again is rounding once.
fn towards_float(x: u32) -> f32 {
  let low = x & 0xffu;
  return f32(select(x, (x - low) | select(0u, 0x100u, low != 0u), x > 0xffffffu));
}
