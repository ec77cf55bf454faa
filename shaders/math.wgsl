// Functions of one float32 where WGSL's own may be off by many units in the last place: each stays within 4 of them.
// Polynomials and their errors: src/backends/wasm/assembly/math.ts (fitted with Lawson's algorithm on Chebyshev nodes).
// Pure functions: no buffers, no workgroup memory. NaN and infinities give what IEEE 754 libraries give; they are made of
// bits that no compiler knows, since WGSL has no constants for them and lets a compiler assume that there are none.
//#include math-circle
//#include math-power

fn math_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn math_is_infinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u;
}

fn math_nan() -> f32 {
  var bits = 0x7fc00000u;
  return bitcast<f32>(bits);
}

fn math_infinity() -> f32 {
  var bits = 0x7f800000u;
  return bitcast<f32>(bits);
}

// NaN when either is NaN.
fn math_min(a: f32, b: f32) -> f32 {
  return select(select(a, b, b < a), b, math_is_nan(b));
}

fn math_max(a: f32, b: f32) -> f32 {
  return select(select(a, b, b > a), b, math_is_nan(b));
}

// min(max(x, low), high); NaN stays.
fn math_clamp(x: f32, low: f32, high: f32) -> f32 {
  let above = select(x, low, x < low);
  return select(above, high, above > high);
}

// 0 for zeros, NaN for NaN.
fn math_sign(x: f32) -> f32 {
  return select(select(x, 1.0, x > 0.0), -1.0, x < 0.0);
}

// p · 2^n for n in [-250, 250], in two steps, since 2^n may be beyond the normal numbers while the result is not.
fn math_scale(p: f32, n: i32) -> f32 {
  let half = n >> 1u;
  return p * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((n - half + 127) << 23u);
}

// e^x = 2^n · e^r with |r| <= ln 2 / 2
fn math_exp(given: f32) -> f32 {
  let x = math_clamp(given, -104.0, 89.0);
  let n = round(x * 1.44269504);
  // ln 2 in two parts, the first of 15 bits: its products are exact
  let r = (x - n * 0.693145751953125) - n * 1.4286068203094173e-6;
  var p = fma(0.001381418900564313, r, 0.008368914015591145);
  p = fma(p, r, 0.04166840761899948);
  p = fma(p, r, 0.1666651964187622);
  p = fma(p, r, 0.4999999403953552);
  p = fma(r * r, p, r) + 1.0;
  return select(math_scale(p, i32(n)), given, math_is_nan(given));
}

// log(x) = e · ln 2 + log(1 + f) with 1 + f between the roots of 1/2 and 2
fn math_log(x: f32) -> f32 {
  let given = bitcast<u32>(x);
  if (given == 0u || given == 0x80000000u) { return -math_infinity(); }
  if (given > 0x80000000u) { return math_nan(); }
  if (given >= 0x7f800000u) { return x; }
  // a device may take denormals for 0: their bits are an integer, x = bits · 2^-149
  let is_small = given < 0x00800000u;
  let bits = select(given, bitcast<u32>(f32(given)), is_small);
  let exponent = (i32(bits) - 0x3f3504f3) >> 23u;
  let f = bitcast<f32>(i32(bits) - (exponent << 23u)) - 1.0;
  let e = f32(exponent) - select(0.0, 149.0, is_small);
  var p = fma(0.06746591627597809, f, -0.1167563870549202);
  p = fma(p, f, 0.11888177692890167);
  p = fma(p, f, -0.12405592203140259);
  p = fma(p, f, 0.14219550788402557);
  p = fma(p, f, -0.1666799634695053);
  p = fma(p, f, 0.2000211924314499);
  p = fma(p, f, -0.25000008940696716);
  p = fma(p, f, 0.3333331346511841);
  let square = f * f;
  let low = fma(e, 1.4286068203094173e-6, p * f * square) - 0.5 * square;
  return fma(e, 0.693145751953125, f + low);
}

fn math_tanh(x: f32) -> f32 {
  let z = x * x;
  var p = fma(-0.005717036779969931, z, 0.020650578662753105);
  p = fma(p, z, -0.05374349653720856);
  p = fma(p, z, 0.13331490755081177);
  p = fma(p, z, -0.3333328366279602);
  let small = fma(z * p, x, x);
  let large = 1.0 - 2.0 / (math_exp(2.0 * abs(x)) + 1.0);
  // NaN takes the way of the small ones
  return select(small, select(large, -large, x < 0.0), abs(x) >= 0.625);
}

// 1 / (1 + e^-x)
fn math_sigmoid(x: f32) -> f32 {
  let e = math_exp(-abs(x));
  let above = 1.0 / (1.0 + e);
  return select(above, e * above, x < 0.0);
}

// log(1 + e^x) = max(x, 0) + log(1 + t), t = e^-|x|, log(1 + t) = 2 · artanh(s) = 2 · (s + s³/3 + …), s = t / (2 + t)
fn math_softplus(x: f32) -> f32 {
  let t = math_exp(-abs(x));
  let s = t / (2.0 + t);
  let z = s * s;
  var p = fma(0.06666667, z, 0.07692308);
  p = fma(p, z, 0.09090909);
  p = fma(p, z, 0.11111111);
  p = fma(p, z, 0.14285715);
  p = fma(p, z, 0.2);
  p = fma(p, z, 0.33333334);
  return math_max(x, 0.0) + 2.0 * fma(s * z, p, s);
}

// erf(x) = x + x · p(x²), from 1 on 1 − e^−q(x)
fn math_erf(x: f32) -> f32 {
  let a = math_clamp(abs(x), 0.0, 4.0);
  let z = a * a;
  var p = fma(7.853854185668752e-5, z, -0.000801019137725234);
  p = fma(p, z, 0.00518832728266716);
  p = fma(p, z, -0.026853810995817184);
  p = fma(p, z, 0.1128358542919159);
  p = fma(p, z, -0.3761262595653534);
  p = fma(p, z, 0.1283791671);
  var q = fma(2.1496240151464008e-5, a, -0.0004391077673062682);
  q = fma(q, a, 0.00419361749663949);
  q = fma(q, a, -0.025178983807563782);
  q = fma(q, a, 0.10837250202894211);
  q = fma(q, a, 0.633262574672699);
  q = fma(q, a, 1.1295568943023682);
  q = fma(q, a, -0.0001834462018450722);
  let y = select(fma(a, p, a), 1.0 - math_exp(-q), a >= 1.0);
  return select(y, -y, x < 0.0);
}
