// rounded(x, r) = roundHalfEven(fround(x · r)), clamped to ±2²², of two float32 given as bits; r is finite and not negative.
// Pure functions: no buffers, no workgroup memory. NaN gives −2²². Exact where WGSL promises nothing: what is denormal,
// infinite or NaN never takes part in arithmetic on floats, and no product leaves the normal numbers.
// Source: WGSL specification, "Floating point evaluation" (flushing, overflow, accuracy).
const MOST_STEPS = 4194304i;

fn exponent_of(bits: u32) -> u32 {
  return (bits >> 23u) & 255u;
}

fn rounded(x: u32, r: u32) -> i32 {
  // |x · r| < 2^(sum − 252), and at least a quarter of it
  let sum = exponent_of(x) + exponent_of(r);
  if (exponent_of(x) == 255u || exponent_of(x) == 0u || exponent_of(r) == 0u) { return rounded_rare(x, r); }
  if (sum < 252u) { return 0; }
  if (sum > 275u) { return select(MOST_STEPS, -MOST_STEPS, x >> 31u == 1u); }
  return clamp(i32(round(bitcast<f32>(x) * bitcast<f32>(r))), -MOST_STEPS, MOST_STEPS);
}

// Infinities and NaN; zeros and denormals as whole numbers times a power of two.
fn rounded_rare(x: u32, r: u32) -> i32 {
  let isNegative = x >> 31u == 1u;
  let sum = max(exponent_of(x), 1u) + max(exponent_of(r), 1u);
  if (exponent_of(x) == 255u) {
    let isNan = (x & 0x7fffffu) != 0u || r == 0u;
    return select(MOST_STEPS, -MOST_STEPS, isNan || isNegative);
  }
  // |x · r| < 2^48 · 2^(sum − 300)
  if (sum < 251u) { return 0; }
  let product = significand(x) * significand(r);
  let magnitude = i32(round(product * bitcast<f32>((sum - 173u) << 23u)));
  return select(magnitude, -magnitude, isNegative);
}

fn significand(bits: u32) -> f32 {
  return f32((bits & 0x7fffffu) | select(0x800000u, 0u, exponent_of(bits) == 0u));
}
