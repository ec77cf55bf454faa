// The limit: one step of a network 30-64-32-1 with ReLU, binary cross-entropy and Adam, written by hand for exactly this
// network. Everything lies in one memory at places that are known here, sums stay in registers as far as they fit, and
// Adam is one pass. No product may be faster than this on the same platform without doing less.
//
// Compiled by bench/training/index.mjs with AssemblyScript, with relaxed SIMD and without.

const INPUTS: i32 = 30
const FIRST: i32 = 64
const SECOND: i32 = 32
const MOST_SAMPLES: i32 = 512

const W1: i32 = INPUTS * FIRST
const W2: i32 = FIRST * SECOND
/** w1, b1, w2, b2, w3, b3, up to whole vectors. */
const PARAMETERS: i32 = W1 + FIRST + W2 + SECOND + SECOND + 4

const BASE: usize = 65536
const P: usize = BASE
const G: usize = P + PARAMETERS * 4
const M: usize = G + PARAMETERS * 4
const V: usize = M + PARAMETERS * 4
const TURNED: usize = V + PARAMETERS * 4
const X: usize = TURNED + W2 * 4
const Y: usize = X + MOST_SAMPLES * INPUTS * 4
const H1: usize = Y + MOST_SAMPLES * 4
const H2: usize = H1 + MOST_SAMPLES * FIRST * 4
const D2: usize = H2 + MOST_SAMPLES * SECOND * 4
const D1: usize = D2 + MOST_SAMPLES * SECOND * 4

const B1: usize = W1 * 4
const AT_W2: usize = (W1 + FIRST) * 4
const AT_B2: usize = AT_W2 + W2 * 4
const AT_W3: usize = AT_B2 + SECOND * 4
const AT_B3: usize = AT_W3 + SECOND * 4

export function parameters(): usize {
  return P
}
export function samples(): usize {
  return X
}
export function targets(): usize {
  return Y
}

// @ts-ignore: decorator
@inline
function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

// @ts-ignore: decorator
@inline
function relu(v: v128): v128 {
  return f32x4.max(v, f32x4.splat(0))
}

/** c[i][j] = start[j] + Σ a[i][k] · b[k][j]: two rows and 16 columns at a time; `aStep` bytes between two k of a row. */
// @ts-ignore: decorator
@inline
function product(a: usize, aRow: usize, aStep: usize, b: usize, c: usize, rows: i32, columns: i32, depth: i32, start: usize, mode: i32): void {
  const pitch = <usize>columns << 2
  for (let j: usize = 0; j < pitch; j += 64) {
    let to = c + j
    let from = a
    for (let i = 0; i < rows; i += 2) {
      let c00 = start == 0 ? f32x4.splat(0) : v128.load(start + j)
      let c01 = start == 0 ? f32x4.splat(0) : v128.load(start + j, 16)
      let c02 = start == 0 ? f32x4.splat(0) : v128.load(start + j, 32)
      let c03 = start == 0 ? f32x4.splat(0) : v128.load(start + j, 48)
      let c10 = c00
      let c11 = c01
      let c12 = c02
      let c13 = c03
      let x = from
      let line = b + j
      for (let k = 0; k < depth; k++) {
        const b0 = v128.load(line)
        const b1 = v128.load(line, 16)
        const b2 = v128.load(line, 32)
        const b3 = v128.load(line, 48)
        const p = v128.load32_splat(x)
        c00 = fma(p, b0, c00)
        c01 = fma(p, b1, c01)
        c02 = fma(p, b2, c02)
        c03 = fma(p, b3, c03)
        const q = v128.load32_splat(x + aRow)
        c10 = fma(q, b0, c10)
        c11 = fma(q, b1, c11)
        c12 = fma(q, b2, c12)
        c13 = fma(q, b3, c13)
        x += aStep
        line += pitch
      }
      if (mode == 1) {
        c00 = relu(c00)
        c01 = relu(c01)
        c02 = relu(c02)
        c03 = relu(c03)
        c10 = relu(c10)
        c11 = relu(c11)
        c12 = relu(c12)
        c13 = relu(c13)
      } else if (mode == 2) {
        // where the activation is 0, its slope is
        const low = H1 - D1 + to
        const high = low + pitch
        const zero = f32x4.splat(0)
        c00 = v128.and(c00, f32x4.gt(v128.load(low), zero))
        c01 = v128.and(c01, f32x4.gt(v128.load(low, 16), zero))
        c02 = v128.and(c02, f32x4.gt(v128.load(low, 32), zero))
        c03 = v128.and(c03, f32x4.gt(v128.load(low, 48), zero))
        c10 = v128.and(c10, f32x4.gt(v128.load(high), zero))
        c11 = v128.and(c11, f32x4.gt(v128.load(high, 16), zero))
        c12 = v128.and(c12, f32x4.gt(v128.load(high, 32), zero))
        c13 = v128.and(c13, f32x4.gt(v128.load(high, 48), zero))
      }
      v128.store(to, c00)
      v128.store(to, c01, 16)
      v128.store(to, c02, 32)
      v128.store(to, c03, 48)
      v128.store(to + pitch, c10)
      v128.store(to + pitch, c11, 16)
      v128.store(to + pitch, c12, 32)
      v128.store(to + pitch, c13, 48)
      to += 2 * pitch
      from += 2 * aRow
    }
  }
}

/** sums[j] = Σ a[i][j]. */
// @ts-ignore: decorator
@inline
function columnSums(a: usize, rows: i32, columns: i32, sums: usize): void {
  const pitch = <usize>columns << 2
  for (let j: usize = 0; j < pitch; j += 16) {
    let low = f32x4.splat(0)
    let high = low
    let from = a + j
    for (let i = 0; i < rows; i += 2) {
      low = f32x4.add(low, v128.load(from))
      high = f32x4.add(high, v128.load(from + pitch))
      from += 2 * pitch
    }
    v128.store(sums + j, f32x4.add(low, high))
  }
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
}

/** The last layer, the loss, and what flows back through them: one pass over the samples. Returns the mean loss. */
function lastLayer(count: i32): f32 {
  let loss: f32 = 0
  let slopeSum: f32 = 0
  let h = H2
  let d = D2
  memory.fill(G + AT_W3, 0, SECOND * 4)
  for (let i = 0; i < count; i++) {
    let sum = f32x4.splat(0)
    for (let j: usize = 0; j < <usize>SECOND * 4; j += 16) sum = fma(v128.load(h + j), v128.load(P + AT_W3 + j), sum)
    const z = sumOf(sum) + load<f32>(P + AT_B3)
    const target = load<f32>(Y + (<usize>i << 2))
    const e = Mathf.exp(-abs(z))
    loss += max<f32>(z, 0) - z * target + Mathf.log(1 + e)
    const p = (z >= 0 ? <f32>1 : e) / (1 + e)
    const slope = (p - target) / <f32>count
    slopeSum += slope
    const s = f32x4.splat(slope)
    for (let j: usize = 0; j < <usize>SECOND * 4; j += 16) {
      const v = v128.load(h + j)
      v128.store(G + AT_W3 + j, fma(s, v, v128.load(G + AT_W3 + j)))
      v128.store(d + j, v128.and(f32x4.mul(s, v128.load(P + AT_W3 + j)), f32x4.gt(v, f32x4.splat(0))))
    }
    h += SECOND * 4
    d += SECOND * 4
  }
  store<f32>(G + AT_B3, slopeSum)
  return loss / <f32>count
}

function turnSecond(): void {
  for (let i = 0; i < FIRST; i += 4) {
    for (let j = 0; j < SECOND; j += 4) {
      const from = P + AT_W2 + ((i * SECOND + j) << 2)
      const a = v128.load(from)
      const b = v128.load(from, SECOND * 4)
      const c = v128.load(from, SECOND * 8)
      const d = v128.load(from, SECOND * 12)
      const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
      const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
      const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7)
      const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7)
      const to = TURNED + ((j * FIRST + i) << 2)
      v128.store(to, i64x2.shuffle(ab, cd, 0, 2))
      v128.store(to, i64x2.shuffle(ab, cd, 1, 3), FIRST * 4)
      v128.store(to, i64x2.shuffle(abHigh, cdHigh, 0, 2), FIRST * 8)
      v128.store(to, i64x2.shuffle(abHigh, cdHigh, 1, 3), FIRST * 12)
    }
  }
}

function adam(stepSize: f32, scale: f32): void {
  const keep1 = f32x4.splat(0.9)
  const new1 = f32x4.splat(<f32>(1 - 0.9))
  const keep2 = f32x4.splat(0.999)
  const new2 = f32x4.splat(<f32>(1 - 0.999))
  const size = f32x4.splat(stepSize)
  const factor = f32x4.splat(scale)
  const epsilon = f32x4.splat(1e-8)
  for (let at: usize = 0; at < <usize>PARAMETERS * 4; at += 16) {
    const g = v128.load(G + at)
    const m = fma(keep1, v128.load(M + at), f32x4.mul(new1, g))
    const v = fma(keep2, v128.load(V + at), f32x4.mul(new2, f32x4.mul(g, g)))
    const root = fma(f32x4.sqrt(v), factor, epsilon)
    v128.store(M + at, m)
    v128.store(V + at, v)
    v128.store(P + at, f32x4.sub(v128.load(P + at), f32x4.mul(size, f32x4.div(m, root))))
  }
}

/** One step on `count` samples, an even number. Returns the mean loss before it. */
export function step(count: i32, stepSize: f32, scale: f32): f32 {
  product(X, INPUTS * 4, 4, P, H1, count, FIRST, INPUTS, P + B1, 1)
  product(H1, FIRST * 4, 4, P + AT_W2, H2, count, SECOND, FIRST, P + AT_B2, 1)
  const loss = lastLayer(count)
  turnSecond()
  product(D2, SECOND * 4, 4, TURNED, D1, count, FIRST, SECOND, 0, 2)
  product(H1, 4, FIRST * 4, D2, G + AT_W2, FIRST, SECOND, count, 0, 0)
  columnSums(D2, count, SECOND, G + AT_B2)
  product(X, 4, INPUTS * 4, D1, G, INPUTS, FIRST, count, 0, 0)
  columnSums(D1, count, FIRST, G + B1)
  adam(stepSize, scale)
  return loss
}
