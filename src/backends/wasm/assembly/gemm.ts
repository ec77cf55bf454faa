// Family `gemm`: C = activation(alpha · A · B + bias), any strides.
//
// Blocks of KC rows and NC columns of B are packed into panels (tiles.ts); with few rows of A they are read where they
// lie, since packing would cost as much as the product. A is read where it lies when its rows are contiguous.
//
// args = [a, b, c, m, n, k, aRow, aColumn, bRow, bColumn (elements), bias (0: none), biasRow, biasColumn, alpha,
// activation, activationA, activationB, cRow]
import { activate } from './activation'
import { addressAt, float, fma, storeLanes, word } from './simd'
import { firstRows, GROUP, GROUP_BYTES, KC, MR, multiply, NC, NR, packA, packB, packedRows, panelMemory, ROWS, splatRows } from './tiles'

/** Below so many rows of A, rows of B are read where they lie: packing them would cost more. */
const FEW_ROWS: i32 = 32
/** The same where rows of B are a multiple of 1 kB apart, so that they push each other out of the cache. */
const FEW_ALIGNED_ROWS: i32 = 8

/** Columns that a vector product adds up at once: they stay in the first-level cache. */
const VECTOR_COLUMNS: i32 = 4096

export function gemm(args: usize): i32 {
  const a = addressAt(args, 0)
  const b = addressAt(args, 1)
  const m = word(args, 3)
  const n = word(args, 4)
  const k = word(args, 5)
  const aRow = word(args, 6)
  const aColumn = word(args, 7)
  const bRow = word(args, 8)
  const bColumn = word(args, 9)
  const alpha = float(args, 13)
  const few = (bRow & 255) == 0 ? FEW_ALIGNED_ROWS : FEW_ROWS
  const isPacked = bColumn != 1 || alpha != 1 || (m >= few && n != NR)
  for (let n0 = 0; n0 < n; n0 += NC) {
    const nc = min(NC, n - n0)
    // once without any k, so that C becomes the bias
    for (let k0 = 0; k0 == 0 || k0 < k; k0 += KC) {
      const kc = min(KC, k - k0)
      const from = b + ((k0 * bRow + n0 * bColumn) << 2)
      if (isPacked) packB(from, bRow, bColumn, kc, nc, alpha, panelMemory())
      const isLast = k0 + KC >= k
      for (let i = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i)
        let at = a + ((i * aRow + k0 * aColumn) << 2)
        let atRow: usize = <usize>aRow << 2
        let atStep: usize = 4
        if (aColumn != 1) {
          packA(at, aRow, aColumn, rows, kc)
          at = packedRows()
          atRow = 4
          atStep = GROUP << 2
        }
        for (let r = 0; r < rows; r += GROUP) {
          const count = min(GROUP, rows - r)
          if (isPacked) stripe(args, at, atRow, atStep, i + r, count, kc, panelMemory(), 0, k0, n0, nc, isLast)
          else stripe(args, at, atRow, atStep, i + r, count, kc, from, <usize>bRow << 2, k0, n0, nc, isLast)
          at += aColumn == 1 ? <usize>(GROUP * aRow) << 2 : GROUP_BYTES
        }
      }
    }
  }
  return 0
}

/** Rows [i, i + rows) of C, columns [n0, n0 + nc). `bRow` 0: B is packed. */
function stripe(
  args: usize, a: usize, aRow: usize, aStep: usize, i: i32, rows: i32, kc: i32, b: usize, bRow: usize, k0: i32, n0: i32, nc: i32, isLast: bool,
): void {
  const bias = addressAt(args, 10)
  const biasRow = word(args, 11)
  const hasWholeRows = bias != 0 && word(args, 12) == 1
  const activation = word(args, 14)
  const cRow: usize = <usize>word(args, 17) << 2
  let c = addressAt(args, 2) + <usize>i * cRow + (n0 << 2)
  for (let r = 0; r < rows; r += MR) {
    const count = min(MR, rows - r)
    let first = c
    let firstRow = cRow
    let firstPanel: usize = NR << 2
    if (k0 == 0) {
      if (hasWholeRows) {
        first = bias + (((i + r) * biasRow + n0) << 2)
        firstRow = <usize>biasRow << 2
      } else {
        splatRows(bias == 0 ? 0 : bias + (((i + r) * biasRow) << 2), <usize>biasRow << 2, count)
        first = firstRows()
        firstRow = NR << 2
        firstPanel = 0
      }
    }
    const isPacked = bRow == 0
    const whole: usize = isPacked ? <usize>NR << 2 : bRow
    const panel: usize = <usize>(isPacked ? kc : 1) * (NR << 2)
    multiply(a, aRow, aStep, count, kc, b, whole, panel, first, firstRow, firstPanel, c, cRow, nc)
    if (isLast && activation != 0) {
      for (let row = 0; row < count; row++) activate(c + <usize>row * cRow, nc, activation, float(args, 15), float(args, 16))
    }
    a += <usize>MR * aRow
    c += <usize>MR * cRow
  }
}

/** A row of A at a time, B where it lies: for products with so few rows that packing would cost more than computing. */
export function gemv(args: usize): i32 {
  const b = addressAt(args, 1)
  const n = word(args, 4)
  const k = word(args, 5)
  const aColumn = word(args, 7)
  const bRow = word(args, 8)
  const bColumn = word(args, 9)
  const alpha = float(args, 13)
  let a = addressAt(args, 0)
  let c = addressAt(args, 2)
  for (let i = 0; i < word(args, 3); i++) {
    begin(args, c, i, n)
    if (bColumn == 1) {
      for (let j = 0; j < n; j += VECTOR_COLUMNS) {
        addRows(a, aColumn, alpha, b + (j << 2), bRow, k, min(VECTOR_COLUMNS, n - j), c + (j << 2))
      }
    } else addDots(a, aColumn, alpha, b, bRow, bColumn, k, n, c)
    activate(c, n, word(args, 14), float(args, 15), float(args, 16))
    a += word(args, 6) << 2
    c += word(args, 17) << 2
  }
  return 0
}

/** Row i of C becomes its bias. */
function begin(args: usize, c: usize, i: i32, n: i32): void {
  const bias = addressAt(args, 10)
  const from = bias + ((i * word(args, 11)) << 2)
  if (bias == 0) memory.fill(c, 0, <usize>n << 2)
  else if (word(args, 12) == 1) memory.copy(c, from, <usize>n << 2)
  else for (let j = 0; j < n; j++) store<f32>(c + (j << 2), load<f32>(from))
}

/** c[n] += alpha · a[k] · B[k][n], eight rows of B at a time: each is read once, in order. */
function addRows(a: usize, aColumn: i32, alpha: f32, b: usize, bRow: i32, k: i32, n: i32, c: usize): void {
  const step = <usize>aColumn << 2
  const pitch = <usize>bRow << 2
  const vectors = c + (<usize>(n & ~3) << 2)
  const rest = n & 3
  const factor = f32x4.splat(alpha)
  let p = 0
  for (; p + 8 <= k; p += 8) {
    const x0 = f32x4.mul(factor, v128.load32_splat(a))
    const x1 = f32x4.mul(factor, v128.load32_splat(a + step))
    const x2 = f32x4.mul(factor, v128.load32_splat(a + 2 * step))
    const x3 = f32x4.mul(factor, v128.load32_splat(a + 3 * step))
    const x4 = f32x4.mul(factor, v128.load32_splat(a + 4 * step))
    const x5 = f32x4.mul(factor, v128.load32_splat(a + 5 * step))
    const x6 = f32x4.mul(factor, v128.load32_splat(a + 6 * step))
    const x7 = f32x4.mul(factor, v128.load32_splat(a + 7 * step))
    let low = b
    let high = b + 4 * pitch
    let y = c
    for (; y < vectors; y += 16) {
      let v = fma(x0, v128.load(low), v128.load(y))
      let w = f32x4.mul(x4, v128.load(high))
      v = fma(x1, v128.load(low + pitch), v)
      w = fma(x5, v128.load(high + pitch), w)
      v = fma(x2, v128.load(low + 2 * pitch), v)
      w = fma(x6, v128.load(high + 2 * pitch), w)
      v = fma(x3, v128.load(low + 3 * pitch), v)
      w = fma(x7, v128.load(high + 3 * pitch), w)
      v128.store(y, f32x4.add(v, w))
      low += 16
      high += 16
    }
    if (rest > 0) {
      let v = fma(x0, v128.load(low), v128.load(y))
      v = fma(x1, v128.load(low + pitch), v)
      v = fma(x2, v128.load(low + 2 * pitch), v)
      v = fma(x3, v128.load(low + 3 * pitch), v)
      v = fma(x4, v128.load(high), v)
      v = fma(x5, v128.load(high + pitch), v)
      v = fma(x6, v128.load(high + 2 * pitch), v)
      storeLanes(y, fma(x7, v128.load(high + 3 * pitch), v), rest)
    }
    a += 8 * step
    b += 8 * pitch
  }
  for (; p < k; p++) {
    const x = f32x4.mul(factor, v128.load32_splat(a))
    let from = b
    let y = c
    for (; y < vectors; y += 16) {
      v128.store(y, fma(x, v128.load(from), v128.load(y)))
      from += 16
    }
    if (rest > 0) storeLanes(y, fma(x, v128.load(from), v128.load(y)), rest)
    a += step
    b += pitch
  }
}

/** c[j] += alpha · Σ a[k] · B[k][j], a column at a time; contiguous ones as vectors, four at a time. */
function addDots(a: usize, aColumn: i32, alpha: f32, b: usize, bRow: i32, bColumn: i32, k: i32, n: i32, c: usize): void {
  const pitch = <usize>bColumn << 2
  let j = 0
  if (aColumn == 1 && bRow == 1) {
    for (; j + 4 <= n; j += 4) {
      const to = c + (j << 2)
      v128.store(to, fma(dot4(a, b + <usize>j * pitch, pitch, k), f32x4.splat(alpha), v128.load(to)))
    }
  }
  for (; j < n; j++) {
    const column = b + <usize>j * pitch
    let sum: f32 = 0
    if (aColumn == 1 && bRow == 1) sum = dot(a, column, k)
    else for (let p = 0; p < k; p++) sum += load<f32>(a + ((p * aColumn) << 2)) * load<f32>(column + ((p * bRow) << 2))
    store<f32>(c + (j << 2), load<f32>(c + (j << 2)) + alpha * sum)
  }
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
}

/** Σ a[k] · b[k] of contiguous vectors. */
export function dot(a: usize, b: usize, k: i32): f32 {
  let s = f32x4.splat(0)
  let p = 0
  for (; p + 4 <= k; p += 4) {
    s = fma(v128.load(a), v128.load(b), s)
    a += 16
    b += 16
  }
  let sum = sumOf(s)
  for (; p < k; p++) {
    sum += load<f32>(a) * load<f32>(b)
    a += 4
    b += 4
  }
  return sum
}

/** Four products of a contiguous vector with four others, `pitch` bytes apart. */
export function dot4(a: usize, b: usize, pitch: usize, k: i32): v128 {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let t0 = s0
  let t1 = s0
  let t2 = s0
  let t3 = s0
  let b1 = b + pitch
  let b2 = b1 + pitch
  let b3 = b2 + pitch
  let p = 0
  for (; p + 8 <= k; p += 8) {
    const x = v128.load(a)
    s0 = fma(x, v128.load(b), s0)
    s1 = fma(x, v128.load(b1), s1)
    s2 = fma(x, v128.load(b2), s2)
    s3 = fma(x, v128.load(b3), s3)
    const y = v128.load(a, 16)
    t0 = fma(y, v128.load(b, 16), t0)
    t1 = fma(y, v128.load(b1, 16), t1)
    t2 = fma(y, v128.load(b2, 16), t2)
    t3 = fma(y, v128.load(b3, 16), t3)
    a += 32
    b += 32
    b1 += 32
    b2 += 32
    b3 += 32
  }
  s0 = f32x4.add(s0, t0)
  s1 = f32x4.add(s1, t1)
  s2 = f32x4.add(s2, t2)
  s3 = f32x4.add(s3, t3)
  for (; p + 4 <= k; p += 4) {
    const x = v128.load(a)
    s0 = fma(x, v128.load(b), s0)
    s1 = fma(x, v128.load(b1), s1)
    s2 = fma(x, v128.load(b2), s2)
    s3 = fma(x, v128.load(b3), s3)
    a += 16
    b += 16
    b1 += 16
    b2 += 16
    b3 += 16
  }
  // transposed, then added: lane i becomes the sum of si
  const low = f32x4.add(
    i8x16.shuffle(s0, s1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(s0, s1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  )
  const high = f32x4.add(
    i8x16.shuffle(s2, s3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(s2, s3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  )
  let sum = f32x4.add(
    i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(low, high, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  )
  for (; p < k; p++) {
    let column = f32x4.splat(load<f32>(b))
    column = f32x4.replace_lane(column, 1, load<f32>(b1))
    column = f32x4.replace_lane(column, 2, load<f32>(b2))
    column = f32x4.replace_lane(column, 3, load<f32>(b3))
    sum = fma(v128.load32_splat(a), column, sum)
    a += 4
    b += 4
    b1 += 4
    b2 += 4
    b3 += 4
  }
  return sum
}
