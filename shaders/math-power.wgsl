// a^b = 2^(b · log2 |a|), with the logarithm and its product as sums of two floats; special cases as in C.
// Pure functions: no buffers, no workgroup memory. Within 2 units in the last place.
// Products without error: T. J. Dekker, "A floating-point technique for extending the available precision" (1971).

fn math_pow(a: f32, b: f32) -> f32 {
  if (b == 0.0 || a == 1.0 || (a == -1.0 && math_is_infinite(b))) { return 1.0; }
  if (math_is_nan(a) || math_is_nan(b)) { return math_nan(); }
  let is_negative = bitcast<u32>(a) > 0x7fffffffu;
  let is_whole = trunc(b) == b;
  if (a < 0.0 && !math_is_infinite(a) && !is_whole) { return math_nan(); }
  let y = math_positive_pow(abs(a), b);
  let is_odd = is_whole && abs(b) < 16777216.0 && (i32(b) & 1) == 1;
  return select(y, -y, is_negative && is_odd);
}

// Neither is NaN, a >= 0.
fn math_positive_pow(a: f32, b: f32) -> f32 {
  let bits = bitcast<u32>(a);
  if (bits == 0u || bits == 0x7f800000u) { return select(0.0, math_infinity(), (bits == 0u) == (b < 0.0)); }
  // beyond it every logarithm but 0 has gone out of range
  let power = math_clamp(b, -1e12, 1e12);
  let logarithm = math_log2(bits);
  let product = math_product(logarithm.x, power);
  let y = clamp(product.x, -250.0, 250.0);
  let n = round(y);
  let low = select(0.0, fma(logarithm.y, power, product.y), y == product.x);
  // 2^f with |f| <= 1/2
  let f = (y - n) + low;
  var p = fma(1.5252734e-5, f, 0.0001540353);
  p = fma(p, f, 0.0013333558);
  p = fma(p, f, 0.009618129);
  p = fma(p, f, 0.055504109);
  p = fma(p, f, 0.24022651);
  p = fma(p, f, 0.69314718);
  return math_scale(fma(p, f, 1.0), i32(n));
}

// log2 of a finite positive number with these bits, as the sum of two floats, to 32 bits.
fn math_log2(given: u32) -> vec2<f32> {
  let is_small = given < 0x00800000u;
  let bits = select(given, bitcast<u32>(f32(given)), is_small);
  let exponent = (i32(bits) - 0x3f3504f3) >> 23u;
  let m = bitcast<f32>(i32(bits) - (exponent << 23u));
  let e = f32(exponent) - select(0.0, 149.0, is_small);
  // log2(m) = 2 / ln 2 · artanh(s), s = (m - 1) / (m + 1)
  let numerator = m - 1.0;
  let denominator = m + 1.0;
  let s = numerator / denominator;
  // what the quotient lost; m without its last bits plus 1 is exact
  let head_m = bitcast<f32>(bitcast<u32>(m) & 0xfffffff8u);
  let back = math_product(s, head_m + 1.0);
  let rest = (((numerator - back.x) - back.y) - s * (m - head_m)) / denominator;
  let z = s * s;
  var p = fma(0.09090909, z, 0.11111111);
  p = fma(p, z, 0.14285714);
  p = fma(p, z, 0.2);
  p = fma(p, z, 0.33333334);
  // artanh(s) = s + rest + s · z · p, scaled by 2 / ln 2 = 2.88539004 + 3.85e-8
  let head = math_sum(s, rest + s * z * p);
  let scaled = math_product(head.x, 2.885390043);
  let tail = scaled.y + fma(head.y, 2.885390043, head.x * 3.85192598e-8);
  let whole = math_sum(e, scaled.x);
  return math_sum(whole.x, whole.y + tail);
}

// a + b = x + y without error, |a| >= |b| or a = 0.
fn math_sum(a: f32, b: f32) -> vec2<f32> {
  let sum = a + b;
  return vec2<f32>(sum, b - (sum - a));
}

// a · b = x + y without error, where nothing overflows. The high halves are cut by bits: no compiler can see through it.
fn math_product(a: f32, b: f32) -> vec2<f32> {
  let high_a = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let high_b = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let low_a = a - high_a;
  let low_b = b - high_b;
  let product = a * b;
  let error = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b;
  return vec2<f32>(product, error);
}
