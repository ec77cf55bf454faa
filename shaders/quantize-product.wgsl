// rounded4(x, r) = roundHalfEven(fround(x · r)), clamped to ±2²², of four pairs of float32 given as bits; r is finite and not negative.
// Pure functions: no buffers, no workgroup memory. NaN gives −2²². Exact where WGSL promises nothing: what is denormal,
// infinite or NaN never takes part in arithmetic on floats, and no product leaves the normal numbers.
// Source: WGSL specification, "Floating point evaluation" (flushing, overflow, accuracy).
const MOST_STEPS = 4194304i;

fn rounded4(x: vec4<u32>, r: vec4<u32>) -> vec4<i32> {
  let a = (x >> vec4<u32>(23u)) & vec4<u32>(255u);
  let b = (r >> vec4<u32>(23u)) & vec4<u32>(255u);
  // |x · r| < 2^(sum − 252), and at least a quarter of it where both are normal
  let sum = max(a, vec4<u32>(1u)) + max(b, vec4<u32>(1u));
  let isRare = (a == vec4<u32>(255u)) | (((a == vec4<u32>(0u)) | (b == vec4<u32>(0u))) & (sum >= vec4<u32>(252u)));
  let isSmall = sum < vec4<u32>(252u);
  let isLarge = sum > vec4<u32>(275u);
  let factor = select(x, vec4<u32>(0u), isSmall | isLarge | isRare);
  let steps = clamp(
    vec4<i32>(round(bitcast<vec4<f32>>(factor) * bitcast<vec4<f32>>(r))), vec4<i32>(-MOST_STEPS), vec4<i32>(MOST_STEPS));
  let most = select(vec4<i32>(MOST_STEPS), vec4<i32>(-MOST_STEPS), (x >> vec4<u32>(31u)) == vec4<u32>(1u));
  let usual = select(steps, most, isLarge);
  if (!any(isRare)) { return usual; }
  let rare = vec4<i32>(
    rounded_rare(x.x, r.x), rounded_rare(x.y, r.y), rounded_rare(x.z, r.z), rounded_rare(x.w, r.w));
  return select(usual, rare, isRare);
}

// Infinities and NaN; denormals as whole numbers times a power of two.
fn rounded_rare(x: u32, r: u32) -> i32 {
  let isNegative = x >> 31u == 1u;
  let a = (x >> 23u) & 255u;
  let sum = max(a, 1u) + max((r >> 23u) & 255u, 1u);
  if (a == 255u) {
    let isNan = (x & 0x7fffffu) != 0u || r == 0u;
    return select(MOST_STEPS, -MOST_STEPS, isNan || isNegative);
  }
  // |x · r| < 2^48 · 2^(sum − 300); beyond 275 are only lanes that are not rare
  if (sum < 252u || sum > 275u) { return 0; }
  let product = significand(x) * significand(r);
  let magnitude = i32(round(product * bitcast<f32>((sum - 173u) << 23u)));
  return select(magnitude, -magnitude, isNegative);
}

fn significand(bits: u32) -> f32 {
  return f32((bits & 0x7fffffu) | select(0x800000u, 0u, ((bits >> 23u) & 255u) == 0u));
}
