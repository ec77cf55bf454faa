// Functions of four floats at once. Errors are the largest seen against double precision over all magnitudes, in units
// in the last place; ../math.test.ts checks them. NaN, infinities, zeros and denormals give what IEEE 754 libraries give.
//
// Polynomials were fitted by iteratively reweighted least squares on Chebyshev nodes (Lawson's algorithm).
import { fma } from './simd'

// Constants stand in memory: a broadcasting load is one instruction, while engines rebuild v128 constants in every turn
// of a loop.
// @ts-ignore: decorator
@inline
function k(table: usize, i: i32): v128 {
  return v128.load32_splat(table + (i << 2))
}

const EXP: usize = memory.data<f32>([
  // 1 / ln 2, ln 2 in two parts, the magic number that rounds, clamps
  1.44269504, 0.693145751953125, 1.4286068203094173e-6, 12582912, -104, 89,
  // (e^r − 1 − r) / r²
  0.4999999403953552, 0.1666651964187622, 0.04166840761899948, 0.008368914015591145, 0.001381418900564313,
  1,
])

/** e^x; error below 1.3 ulp, results below 2⁻¹²⁶ included. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // pmin(a, b) is b < a ? b : a: NaN passes as the first argument of pmin and pmax
  x = f32x4.pmax(f32x4.pmin(x, k(EXP, 5)), k(EXP, 4))
  const shifted = f32x4.add(f32x4.mul(x, k(EXP, 0)), k(EXP, 3))
  const n = f32x4.sub(shifted, k(EXP, 3))
  let r = f32x4.sub(x, f32x4.mul(n, k(EXP, 1)))
  r = f32x4.sub(r, f32x4.mul(n, k(EXP, 2)))
  let p = fma(k(EXP, 10), r, k(EXP, 9))
  p = fma(p, r, k(EXP, 8))
  p = fma(p, r, k(EXP, 7))
  p = fma(p, r, k(EXP, 6))
  p = f32x4.add(fma(f32x4.mul(r, r), p, r), k(EXP, 11))
  // in two steps, since 2^n may be beyond the normal numbers while the result is not
  const i = i32x4.sub(shifted, k(EXP, 3))
  const half = i32x4.shr_s(i, 1)
  const one = k(EXP, 11)
  p = f32x4.mul(p, i32x4.add(i32x4.shl(half, 23), one))
  return f32x4.mul(p, i32x4.add(i32x4.shl(i32x4.sub(i, half), 23), one))
}

const LOG: usize = memory.data<f32>([
  1.17549435e-38, 8388608, 1, 0.5, 0.693145751953125, 1.4286068203094173e-6, Infinity, -Infinity,
  // (log(1 + f) − f + f²/2) / f³
  0.3333331346511841, -0.25000008940696716, 0.2000211924314499, -0.1666799634695053, 0.14219550788402557,
  -0.12405592203140259, 0.11888177692890167, -0.1167563870549202, 0.06746591627597809,
  23,
])

/** Natural logarithm; error below 1.2 ulp. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const isSmall = f32x4.lt(x, k(LOG, 0))
  const bits = v128.bitselect(f32x4.mul(x, k(LOG, 1)), x, isSmall)
  // 0x3f3504f3 is √½: the mantissa lies between it and √2
  const exponent = i32x4.shr_s(i32x4.sub(bits, i32x4.splat(0x3f3504f3)), 23)
  const f = f32x4.sub(i32x4.sub(bits, i32x4.shl(exponent, 23)), k(LOG, 2))
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(isSmall, k(LOG, 17)))
  let p = fma(k(LOG, 16), f, k(LOG, 15))
  p = fma(p, f, k(LOG, 14))
  p = fma(p, f, k(LOG, 13))
  p = fma(p, f, k(LOG, 12))
  p = fma(p, f, k(LOG, 11))
  p = fma(p, f, k(LOG, 10))
  p = fma(p, f, k(LOG, 9))
  p = fma(p, f, k(LOG, 8))
  const square = f32x4.mul(f, f)
  let y = f32x4.mul(f32x4.mul(p, f), square)
  y = fma(e, k(LOG, 5), y)
  y = f32x4.sub(y, f32x4.mul(k(LOG, 3), square))
  y = f32x4.add(f, y)
  y = fma(e, k(LOG, 4), y)
  // ∞ and NaN as they are, −∞ at 0, NaN below
  y = v128.bitselect(y, x, f32x4.lt(x, k(LOG, 6)))
  y = v128.bitselect(k(LOG, 7), y, f32x4.eq(x, f32x4.splat(0)))
  return v128.or(y, f32x4.lt(x, f32x4.splat(0)))
}

const HYPERBOLIC: usize = memory.data<f32>([
  0.625, 1, 2,
  // (tanh(x) / x − 1) / x², of x²
  -0.3333328366279602, 0.13331490755081177, -0.05374349653720856, 0.020650578662753105, -0.005717036779969931,
])

const SIGN: i32 = 0x80000000

/** Hyperbolic tangent; error below 2 ulp. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(SIGN))
  const a = v128.xor(x, sign)
  const z = f32x4.mul(x, x)
  let p = fma(k(HYPERBOLIC, 7), z, k(HYPERBOLIC, 6))
  p = fma(p, z, k(HYPERBOLIC, 5))
  p = fma(p, z, k(HYPERBOLIC, 4))
  p = fma(p, z, k(HYPERBOLIC, 3))
  const small = fma(f32x4.mul(z, p), x, x)
  const e = exp4(f32x4.add(a, a))
  const large = f32x4.sub(k(HYPERBOLIC, 1), f32x4.div(k(HYPERBOLIC, 2), f32x4.add(e, k(HYPERBOLIC, 1))))
  return v128.bitselect(small, v128.or(large, sign), f32x4.lt(a, k(HYPERBOLIC, 0)))
}

/** 1 / (1 + e^−x); error below 3 ulp. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(v128.or(x, i32x4.splat(SIGN)))
  const above = f32x4.div(k(EXP, 11), f32x4.add(k(EXP, 11), e))
  return v128.bitselect(f32x4.mul(e, above), above, f32x4.lt(x, f32x4.splat(0)))
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|); error below 3 ulp. */
export function softplus4(x: v128): v128 {
  const e = exp4(v128.or(x, i32x4.splat(SIGN)))
  const one = k(EXP, 11)
  const u = f32x4.add(one, e)
  // what the sum above lost
  const rest = f32x4.div(f32x4.sub(e, f32x4.sub(u, one)), u)
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), f32x4.add(log4(u), rest))
}

const ERF: usize = memory.data<f32>([
  1, 4,
  // erf(x) / x − 1, of x²
  0.1283791671, -0.3761262595653534, 0.1128358542919159, -0.026853810995817184, 0.00518832728266716,
  -0.000801019137725234, 7.853854185668752e-5,
  // −log(1 − erf(x)) on [1, 4]
  -0.0001834462018450722, 1.1295568943023682, 0.633262574672699, 0.10837250202894211, -0.025178983807563782,
  0.00419361749663949, -0.0004391077673062682, 2.1496240151464008e-5,
])

/** Error function; error below 1.5 ulp. */
export function erf4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(SIGN))
  const a = f32x4.pmin(v128.xor(x, sign), k(ERF, 1))
  const z = f32x4.mul(a, a)
  let p = fma(k(ERF, 8), z, k(ERF, 7))
  p = fma(p, z, k(ERF, 6))
  p = fma(p, z, k(ERF, 5))
  p = fma(p, z, k(ERF, 4))
  p = fma(p, z, k(ERF, 3))
  p = fma(p, z, k(ERF, 2))
  let q = fma(k(ERF, 16), a, k(ERF, 15))
  q = fma(q, a, k(ERF, 14))
  q = fma(q, a, k(ERF, 13))
  q = fma(q, a, k(ERF, 12))
  q = fma(q, a, k(ERF, 11))
  q = fma(q, a, k(ERF, 10))
  q = fma(q, a, k(ERF, 9))
  const large = f32x4.sub(k(ERF, 0), exp4(f32x4.neg(q)))
  return v128.or(v128.bitselect(fma(a, p, a), large, f32x4.lt(a, k(ERF, 0))), sign)
}

const CIRCLE: usize = memory.data<f32>([
  1, -0.5,
  // (sin(r) / r − 1) / r², of r²
  -0.1666666716337204, 0.008333329111337662, -0.00019839330343529582, 2.7182743451703573e-6,
  // (cos(r) − 1 + r²/2) / r⁴, of r²
  0.04166664555668831, -0.0013887364184483886, 2.4438088075839914e-5,
])

/** From here on π/2 needs more digits than a double has. */
const LARGE: f32 = 1048576
/** 2/π, 32 bits a word; the first word stands before the point. */
const TWO_OVER_PI: usize = memory.data<u32>([
  0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
])
const LANES: usize = memory.data(48, 16)

/** sin(x), or cos(x) as sin(x + π/2); error below 1.5 ulp for every finite x. */
export function sin4(x: v128, quarters: i32): v128 {
  let low = f64x2.promote_low_f32x4(x)
  let high = f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 0, 1))
  const lowTurns = f64x2.nearest(f64x2.mul(low, f64x2.splat(0.6366197723675814)))
  const highTurns = f64x2.nearest(f64x2.mul(high, f64x2.splat(0.6366197723675814)))
  // π/2 in two parts, the first of 33 bits: its products are exact
  low = f64x2.sub(low, f64x2.mul(lowTurns, f64x2.splat(1.5707963267341256)))
  low = f64x2.sub(low, f64x2.mul(lowTurns, f64x2.splat(6.077100506506192e-11)))
  high = f64x2.sub(high, f64x2.mul(highTurns, f64x2.splat(1.5707963267341256)))
  high = f64x2.sub(high, f64x2.mul(highTurns, f64x2.splat(6.077100506506192e-11)))
  let r = i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
  let q = i32x4.shuffle(
    i32x4.trunc_sat_f64x2_s_zero(lowTurns),
    i32x4.trunc_sat_f64x2_s_zero(highTurns),
    0, 1, 4, 5,
  )
  if (!i32x4.all_true(f32x4.lt(f32x4.abs(x), f32x4.splat(LARGE)))) {
    v128.store(LANES, x)
    v128.store(LANES, r, 16)
    v128.store(LANES, q, 32)
    for (let lane: usize = 0; lane < 16; lane += 4) reduceLarge(LANES + lane)
    r = v128.load(LANES, 16)
    q = v128.load(LANES, 32)
  }
  const z = f32x4.mul(r, r)
  let s = fma(k(CIRCLE, 5), z, k(CIRCLE, 4))
  s = fma(s, z, k(CIRCLE, 3))
  s = fma(s, z, k(CIRCLE, 2))
  s = fma(f32x4.mul(s, z), r, r)
  let c = fma(k(CIRCLE, 8), z, k(CIRCLE, 7))
  c = fma(c, z, k(CIRCLE, 6))
  c = f32x4.add(fma(f32x4.mul(z, z), c, f32x4.mul(z, k(CIRCLE, 1))), k(CIRCLE, 0))
  q = i32x4.add(q, i32x4.splat(quarters))
  const isOdd = i32x4.ne(v128.and(q, i32x4.splat(1)), i32x4.splat(0))
  const sign = i32x4.shl(v128.and(q, i32x4.splat(2)), 30)
  return v128.xor(v128.bitselect(c, s, isOdd), sign)
}

/**
 * x modulo π/2 for |x| ≥ 2²⁰, with the 96 bits of 2/π that matter for this exponent. Payne & Hanek, "Radian reduction
 * for trigonometric functions", SIGNUM Newsletter 18 (1983). The lane's rest and count of quarters stand 16 and 32 bytes on.
 */
function reduceLarge(lane: usize): void {
  const bits = load<u32>(lane)
  const biased = <i32>((bits >> 23) & 255)
  // 127 + 20: smaller ones were done by the caller
  if (biased < 147) return
  if (biased == 255) {
    store<f32>(lane, NaN, 16)
    return
  }
  const mantissa = <u64>((bits & 0x7fffff) | 0x800000)
  // x = mantissa · 2^e; the window's first bit gives multiples of two quarters, those before it of four
  const first = biased - 150 + 30
  const product =
    ((mantissa * window(first)) << 32) + mantissa * window(first + 32) + ((mantissa * window(first + 64)) >> 32)
  const quarters = (product + (1 << 61)) >> 62
  const rest = <f64><i64>(product - (quarters << 62)) * 3.4061215800865545e-19
  store<f32>(lane, <f32>(<i32>bits < 0 ? -rest : rest), 16)
  store<i32>(lane, <i32>bits < 0 ? -<i32>quarters : <i32>quarters, 32)
}

/** 32 bits of 2/π from a bit on; bit 32 has weight ½. */
function window(from: i32): u64 {
  const at = TWO_OVER_PI + ((from >> 5) << 2)
  const both = (<u64>load<u32>(at) << 32) | <u64>load<u32>(at, 4)
  return (both << <u64>(from & 31)) >> 32
}

/** a^b as Math.pow; error below 1 ulp. */
export function pow4(a: v128, b: v128): v128 {
  const base = f32x4.abs(a)
  const low = exp2(f64x2.mul(f64x2.promote_low_f32x4(b), log2(f64x2.promote_low_f32x4(base))))
  const high = exp2(
    f64x2.mul(
      f64x2.promote_low_f32x4(i32x4.shuffle(b, b, 2, 3, 0, 1)),
      log2(f64x2.promote_low_f32x4(i32x4.shuffle(base, base, 2, 3, 0, 1))),
    ),
  )
  let y = i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
  const isNegative = i32x4.lt_s(a, i32x4.splat(0))
  if (v128.any_true(isNegative)) {
    const isInteger = f32x4.eq(f32x4.trunc(b), b)
    const halved = f32x4.mul(b, f32x4.splat(0.5))
    const isOdd = v128.andnot(isInteger, f32x4.eq(f32x4.trunc(halved), halved))
    y = v128.xor(y, v128.and(v128.and(isNegative, isOdd), i32x4.splat(SIGN)))
    // a negative number to a broken power; −0 and −∞ have one
    const isNumber = v128.and(f32x4.lt(a, f32x4.splat(0)), f32x4.lt(base, f32x4.splat(Infinity)))
    y = v128.or(y, v128.andnot(isNumber, isInteger))
  }
  return v128.bitselect(f32x4.splat(1), y, f32x4.eq(b, f32x4.splat(0)))
}

/** Of x ≥ 0; within 1e-13 of 1. */
// @ts-ignore: decorator
@inline
function log2(x: v128): v128 {
  const exponent = i64x2.shr_s(i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd)), 52)
  const m = i64x2.sub(x, i64x2.shl(exponent, 52))
  // log2(m) = 2 / ln 2 · artanh(s)
  const s = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)))
  const z = f64x2.mul(s, s)
  let p = f64x2.add(f64x2.mul(z, f64x2.splat(0.19235933878519512)), f64x2.splat(0.22195308321368667))
  p = f64x2.add(f64x2.mul(z, p), f64x2.splat(0.2623081892525388))
  p = f64x2.add(f64x2.mul(z, p), f64x2.splat(0.3205988979753252))
  p = f64x2.add(f64x2.mul(z, p), f64x2.splat(0.4121985831111324))
  p = f64x2.add(f64x2.mul(z, p), f64x2.splat(0.5770780163555853))
  p = f64x2.add(f64x2.mul(z, p), f64x2.splat(0.9617966939259756))
  p = f64x2.add(f64x2.mul(z, p), f64x2.splat(2.8853900817779268))
  const whole = f64x2.convert_low_i32x4_s(i32x4.shuffle(exponent, exponent, 0, 2, 0, 2))
  let y = f64x2.add(whole, f64x2.mul(s, p))
  y = v128.bitselect(y, x, f64x2.lt(x, f64x2.splat(Infinity)))
  return v128.bitselect(f64x2.splat(-Infinity), y, f64x2.eq(x, f64x2.splat(0)))
}

/** Relative error below 1e-12; overflow and underflow are left to the rounding to float32. */
// @ts-ignore: decorator
@inline
function exp2(x: v128): v128 {
  x = f64x2.pmax(f64x2.pmin(x, f64x2.splat(300)), f64x2.splat(-300))
  const n = f64x2.nearest(x)
  const r = f64x2.mul(f64x2.sub(x, n), f64x2.splat(0.6931471805599453))
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(2.755731922398589e-7)), f64x2.splat(2.7557319223985893e-6))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(2.48015873015873e-5))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.0001984126984126984))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.001388888888888889))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.008333333333333333))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.041666666666666664))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.16666666666666666))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.5))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1))
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1))
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n))
  return f64x2.mul(p, i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52))
}
