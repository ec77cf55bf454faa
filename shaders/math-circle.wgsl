// sin(x) and cos(x): x = q · π/2 + r with |r| <= π/4, then a polynomial of r chosen by q. Within 2 units in the last place.
// Pure functions: no buffers, no workgroup memory. Polynomials: src/backends/wasm/assembly/math.ts.
// From 4096 on: Payne and Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983).
//#include wide

// 2/π, 32 bits a word; the first word stands before the point.
const TWO_OVER_PI = array<u32, 9>(
  0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u,
);

struct Reduced {
  rest: f32,
  quarters: i32,
}

fn math_sin(x: f32) -> f32 {
  return math_sin_from(x, 0);
}

fn math_cos(x: f32) -> f32 {
  return math_sin_from(x, 1);
}

// sin(x + turn · π/2)
fn math_sin_from(x: f32, turn: i32) -> f32 {
  var reduced: Reduced;
  if (abs(x) < 4096.0) { reduced = math_reduce(x); } else { reduced = math_reduce_large(x); }
  let r = reduced.rest;
  let z = r * r;
  var s = fma(2.7182743451703573e-6, z, -0.00019839330343529582);
  s = fma(s, z, 0.008333329111337662);
  s = fma(s, z, -0.1666666716337204);
  s = fma(s * z, r, r);
  var c = fma(2.4438088075839914e-5, z, -0.0013887364184483886);
  c = fma(c, z, 0.04166664555668831);
  c = fma(z * z, c, -0.5 * z) + 1.0;
  let quarters = reduced.quarters + turn;
  let y = select(s, c, (quarters & 1) == 1);
  return select(y, -y, (quarters & 2) == 2);
}

// π/2 in three parts, the first two of 8 and 11 bits: their products with quarters below 2^12 are exact.
fn math_reduce(x: f32) -> Reduced {
  let q = round(x * 0.63661977);
  let r = ((x - q * 1.5703125) - q * 4.837512969970703e-4) - q * 7.549789948768648e-8;
  return Reduced(r, i32(q));
}

// x modulo π/2, with the 96 bits of 2/π that matter for this exponent.
fn math_reduce_large(x: f32) -> Reduced {
  let bits = bitcast<u32>(x);
  let biased = (bits >> 23u) & 255u;
  if (biased == 255u) { return Reduced(math_nan(), 0); }
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  // x = mantissa · 2^e; the window's first bit gives multiples of two quarters, those before it of four
  let first = biased - 120u;
  let middle = multiply_wide(mantissa, math_window(first + 32u));
  let low = middle.y + multiply_wide(mantissa, math_window(first + 64u)).x;
  let high = mantissa * math_window(first) + middle.x + u32(low < middle.y);
  let quarters = (high + 0x20000000u) >> 30u;
  let rest = f32(i32(high - (quarters << 30u))) * 4294967296.0 + f32(low);
  // 2^-62 · π/2
  let r = rest * 3.4061215800865545e-19;
  return Reduced(select(r, -r, bits > 0x80000000u), select(i32(quarters), -i32(quarters), bits > 0x80000000u));
}

// 32 bits of 2/π from a bit on; bit 32 has weight 1/2.
fn math_window(first: u32) -> u32 {
  let shift = first & 31u;
  let word = TWO_OVER_PI[first >> 5u];
  if (shift == 0u) { return word; }
  return (word << shift) | (TWO_OVER_PI[(first >> 5u) + 1u] >> (32u - shift));
}
