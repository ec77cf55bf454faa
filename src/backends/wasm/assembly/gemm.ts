// Family `gemm`: C = activation(alpha · A · B + bias), any strides.
//
// Blocks of KC rows of B are packed into panels of 8 columns (zeros beyond the edge), which the micro-kernel reads as two
// vectors per step; A is read where it lies when its rows are contiguous, else it is copied into rows first. Tiles of
// 4 × 8 stay in registers: larger ones spill in current engines.
//
// args = [a, b, c, m, n, k, aRow, aColumn, bRow, bColumn (elements), bias (0: none), biasRow, biasColumn, alpha,
// activation, activationA, activationB]
import { activate } from './activation'
import { addressAt, float, fma, scratch, word } from './simd'

export const MR: i32 = 4
export const NR: i32 = 8
export const KC: i32 = 256
/** Columns of B that are packed at once: KC · NC floats fit into the second-level cache. */
export const NC: i32 = 256

// Layout of the scratch memory: a tile for edges, rows of A where they are copied, then panels of B.
export const TILE_BYTES: usize = MR * NR * 4
export const ROWS_BYTES: usize = MR * KC * 4

export function gemm(args: usize): i32 {
  const a = addressAt(args, 0)
  const b = addressAt(args, 1)
  const c = addressAt(args, 2)
  const m = word(args, 3)
  const n = word(args, 4)
  const k = word(args, 5)
  const aRow = word(args, 6)
  const aColumn = word(args, 7)
  const bRow = word(args, 8)
  const bColumn = word(args, 9)
  const panels = scratch + TILE_BYTES + ROWS_BYTES
  start(args, c, m, n)
  for (let n0 = 0; n0 < n; n0 += NC) {
    const nc = min(NC, n - n0)
    for (let k0 = 0; k0 < k; k0 += KC) {
      const kc = min(KC, k - k0)
      packB(b + ((k0 * bRow + n0 * bColumn) << 2), bRow, bColumn, kc, nc, panels)
      const rows = a + ((k0 * aColumn) << 2)
      for (let i = 0; i < m; i += MR) {
        block(rows + ((i * aRow) << 2), aRow, aColumn, min(MR, m - i), kc, panels, nc, c + ((i * n + n0) << 2), n)
      }
    }
  }
  finish(args, c, m, n)
  return 0
}

/** A row of A at a time, B where it lies: for products with so few rows that packing would cost more than computing. */
export function gemv(args: usize): i32 {
  const b = addressAt(args, 1)
  const m = word(args, 3)
  const n = word(args, 4)
  const k = word(args, 5)
  const aColumn = word(args, 7)
  const bRow = word(args, 8)
  const bColumn = word(args, 9)
  let a = addressAt(args, 0)
  let c = addressAt(args, 2)
  start(args, c, m, n)
  for (let i = 0; i < m; i++) {
    if (bColumn == 1) addRows(a, aColumn, b, bRow, k, n, c)
    else addDots(a, aColumn, b, bRow, bColumn, k, n, c)
    a += word(args, 6) << 2
    c += n << 2
  }
  finish(args, addressAt(args, 2), m, n)
  return 0
}

/** C begins as the bias: adding the product then needs no second pass. With alpha the bias comes last. */
function start(args: usize, c: usize, m: i32, n: i32): void {
  const bias = addressAt(args, 10)
  if (bias == 0 || float(args, 13) != 1) {
    memory.fill(c, 0, <usize>(m * n) << 2)
    return
  }
  const rowStride = word(args, 11)
  const columnStride = word(args, 12)
  for (let i = 0; i < m; i++) {
    const from = bias + ((i * rowStride) << 2)
    const to = c + ((i * n) << 2)
    if (columnStride == 1) memory.copy(to, from, <usize>n << 2)
    else {
      const v = v128.load32_splat(from)
      let j = 0
      for (; j + 4 <= n; j += 4) v128.store(to + (j << 2), v)
      for (; j < n; j++) store<f32>(to + (j << 2), load<f32>(from))
    }
  }
}

function finish(args: usize, c: usize, m: i32, n: i32): void {
  const alpha = float(args, 13)
  if (alpha != 1) scale(args, c, m, n, alpha)
  activate(c, m * n, word(args, 14), float(args, 15), float(args, 16))
}

/** C = alpha · C + bias. */
function scale(args: usize, c: usize, m: i32, n: i32, alpha: f32): void {
  const bias = addressAt(args, 10)
  const rowStride = bias == 0 ? 0 : word(args, 11)
  const columnStride = bias == 0 ? 0 : word(args, 12)
  const factor = f32x4.splat(alpha)
  for (let i = 0; i < m; i++) {
    const from = bias + ((i * rowStride) << 2)
    const to = c + ((i * n) << 2)
    let j = 0
    if (bias == 0) for (; j + 4 <= n; j += 4) v128.store(to + (j << 2), f32x4.mul(factor, v128.load(to + (j << 2))))
    for (; j < n; j++) {
      const added: f32 = bias == 0 ? 0 : load<f32>(from + ((j * columnStride) << 2))
      store<f32>(to + (j << 2), alpha * load<f32>(to + (j << 2)) + added)
    }
  }
}

/** Up to 4 rows of C against all panels. */
export function block(
  a: usize,
  aRow: i32,
  aColumn: i32,
  rows: i32,
  kc: i32,
  panels: usize,
  nc: i32,
  c: usize,
  ldc: i32,
): void {
  let rowBytes: usize = <usize>aRow << 2
  if (aColumn != 1) {
    const copied = scratch + TILE_BYTES
    for (let i = 0; i < rows; i++) {
      let from = a + ((i * aRow) << 2)
      const to = copied + ((i * KC) << 2)
      for (let k = 0; k < kc; k++) {
        store<f32>(to + (k << 2), load<f32>(from))
        from += aColumn << 2
      }
    }
    a = copied
    rowBytes = <usize>KC << 2
  }
  // rows beyond the edge read the first one again; their results are dropped
  const a1 = rows > 1 ? a + rowBytes : a
  const a2 = rows > 2 ? a + 2 * rowBytes : a
  const a3 = rows > 3 ? a + 3 * rowBytes : a
  const panelBytes = <usize>(kc * NR) << 2
  for (let j = 0; j < nc; j += NR) {
    const target = c + (j << 2)
    if (rows == MR && j + NR <= nc) tile(a, a1, a2, a3, kc, panels, target, <usize>ldc << 2)
    else edge(a, a1, a2, a3, kc, panels, target, ldc, rows, min(NR, nc - j))
    panels += panelBytes
  }
}

function edge(a0: usize, a1: usize, a2: usize, a3: usize, kc: i32, b: usize, c: usize, ldc: i32, rows: i32, columns: i32): void {
  memory.fill(scratch, 0, TILE_BYTES)
  tile(a0, a1, a2, a3, kc, b, scratch, NR << 2)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = c + ((i * ldc + j) << 2)
      store<f32>(to, load<f32>(to) + load<f32>(scratch + ((i * NR + j) << 2)))
    }
  }
}

/** C[4][8] += A[4][kc] · B[kc][8]. */
function tile(a0: usize, a1: usize, a2: usize, a3: usize, kc: i32, b: usize, c: usize, ldc: usize): void {
  let c00 = v128.load(c)
  let c01 = v128.load(c, 16)
  let c10 = v128.load(c + ldc)
  let c11 = v128.load(c + ldc, 16)
  let c20 = v128.load(c + 2 * ldc)
  let c21 = v128.load(c + 2 * ldc, 16)
  let c30 = v128.load(c + 3 * ldc)
  let c31 = v128.load(c + 3 * ldc, 16)
  const end = a0 + (<usize>kc << 2)
  const pairs = a0 + (<usize>(kc & ~1) << 2)
  while (a0 < pairs) {
    let b0 = v128.load(b)
    let b1 = v128.load(b, 16)
    let x = v128.load32_splat(a0)
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    x = v128.load32_splat(a1)
    c10 = fma(x, b0, c10)
    c11 = fma(x, b1, c11)
    x = v128.load32_splat(a2)
    c20 = fma(x, b0, c20)
    c21 = fma(x, b1, c21)
    x = v128.load32_splat(a3)
    c30 = fma(x, b0, c30)
    c31 = fma(x, b1, c31)
    b0 = v128.load(b, 32)
    b1 = v128.load(b, 48)
    x = v128.load32_splat(a0, 4)
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    x = v128.load32_splat(a1, 4)
    c10 = fma(x, b0, c10)
    c11 = fma(x, b1, c11)
    x = v128.load32_splat(a2, 4)
    c20 = fma(x, b0, c20)
    c21 = fma(x, b1, c21)
    x = v128.load32_splat(a3, 4)
    c30 = fma(x, b0, c30)
    c31 = fma(x, b1, c31)
    a0 += 8
    a1 += 8
    a2 += 8
    a3 += 8
    b += 64
  }
  if (a0 < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    let x = v128.load32_splat(a0)
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    x = v128.load32_splat(a1)
    c10 = fma(x, b0, c10)
    c11 = fma(x, b1, c11)
    x = v128.load32_splat(a2)
    c20 = fma(x, b0, c20)
    c21 = fma(x, b1, c21)
    x = v128.load32_splat(a3)
    c30 = fma(x, b0, c30)
    c31 = fma(x, b1, c31)
  }
  v128.store(c, c00)
  v128.store(c, c01, 16)
  v128.store(c + ldc, c10)
  v128.store(c + ldc, c11, 16)
  v128.store(c + 2 * ldc, c20)
  v128.store(c + 2 * ldc, c21, 16)
  v128.store(c + 3 * ldc, c30)
  v128.store(c + 3 * ldc, c31, 16)
}

/** Panels of 8 columns: [nc / 8][kc][8]. */
export function packB(b: usize, bRow: i32, bColumn: i32, kc: i32, nc: i32, to: usize): void {
  const rowBytes = <usize>bRow << 2
  const columnBytes = <usize>bColumn << 2
  for (let j = 0; j < nc; j += NR) {
    const columns = min(NR, nc - j)
    let from = b + <usize>j * columnBytes
    if (columns == NR && bColumn == 1) {
      for (let k = 0; k < kc; k++) {
        v128.store(to, v128.load(from))
        v128.store(to, v128.load(from, 16), 16)
        from += rowBytes
        to += 32
      }
    } else if (columns == NR && bRow == 1) {
      packTransposed(from, columnBytes, kc, to)
      to += <usize>(kc * NR) << 2
    } else {
      for (let k = 0; k < kc; k++) {
        for (let q = 0; q < NR; q++) {
          store<f32>(to + (q << 2), q < columns ? load<f32>(from + <usize>q * columnBytes) : 0)
        }
        from += rowBytes
        to += 32
      }
    }
  }
}

/** A panel from 8 rows that are contiguous along k, 4 × 4 at a time. */
function packTransposed(from: usize, pitch: usize, kc: i32, to: usize): void {
  let k = 0
  for (; k + 4 <= kc; k += 4) {
    transpose4(from, pitch, to)
    transpose4(from + 4 * pitch, pitch, to + 16)
    from += 16
    to += 128
  }
  for (; k < kc; k++) {
    for (let q: usize = 0; q < <usize>NR; q++) store<f32>(to + q * 4, load<f32>(from + q * pitch))
    from += 4
    to += 32
  }
}

// @ts-ignore: decorator
@inline
function transpose4(from: usize, pitch: usize, to: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + pitch)
  const c = v128.load(from + 2 * pitch)
  const d = v128.load(from + 3 * pitch)
  const abLow = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
  const cdLow = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
  const abHigh = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
  const cdHigh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
  v128.store(to, i8x16.shuffle(abLow, cdLow, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23))
  v128.store(to, i8x16.shuffle(abLow, cdLow, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 32)
  v128.store(to, i8x16.shuffle(abHigh, cdHigh, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 64)
  v128.store(to, i8x16.shuffle(abHigh, cdHigh, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 96)
}

/** c[n] += a[k] · B[k][n], eight rows of B at a time: each is read once, in order. */
function addRows(a: usize, aColumn: i32, b: usize, bRow: i32, k: i32, n: i32, c: usize): void {
  const step = <usize>aColumn << 2
  const pitch = <usize>bRow << 2
  const end = c + (<usize>n << 2)
  const vectors = c + (<usize>(n & ~3) << 2)
  let p = 0
  for (; p + 8 <= k; p += 8) {
    const x0 = v128.load32_splat(a)
    const x1 = v128.load32_splat(a + step)
    const x2 = v128.load32_splat(a + 2 * step)
    const x3 = v128.load32_splat(a + 3 * step)
    const x4 = v128.load32_splat(a + 4 * step)
    const x5 = v128.load32_splat(a + 5 * step)
    const x6 = v128.load32_splat(a + 6 * step)
    const x7 = v128.load32_splat(a + 7 * step)
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
    for (; y < end; y += 4) {
      let sum = load<f32>(y)
      for (let r: usize = 0; r < 8; r++) sum += load<f32>(a + r * step) * load<f32>(low + r * pitch)
      store<f32>(y, sum)
      low += 4
    }
    a += 8 * step
    b += 8 * pitch
  }
  for (; p < k; p++) {
    const x = v128.load32_splat(a)
    let from = b
    let y = c
    for (; y < vectors; y += 16) {
      v128.store(y, fma(x, v128.load(from), v128.load(y)))
      from += 16
    }
    for (; y < end; y += 4) {
      store<f32>(y, load<f32>(y) + load<f32>(a) * load<f32>(from))
      from += 4
    }
    a += step
    b += pitch
  }
}

/** c[j] += Σ a[k] · B[k][j], a column at a time; contiguous ones as vectors. */
function addDots(a: usize, aColumn: i32, b: usize, bRow: i32, bColumn: i32, k: i32, n: i32, c: usize): void {
  for (let j = 0; j < n; j++) {
    const column = b + ((j * bColumn) << 2)
    const to = c + (j << 2)
    if (aColumn == 1 && bRow == 1) store<f32>(to, load<f32>(to) + dot(a, column, k))
    else {
      let sum: f32 = load<f32>(to)
      for (let p = 0; p < k; p++) sum += load<f32>(a + ((p * aColumn) << 2)) * load<f32>(column + ((p * bRow) << 2))
      store<f32>(to, sum)
    }
  }
}

/** Σ a[k] · b[k] of contiguous vectors. */
export function dot(a: usize, b: usize, k: i32): f32 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let p = 0
  for (; p + 16 <= k; p += 16) {
    s0 = fma(v128.load(a), v128.load(b), s0)
    s1 = fma(v128.load(a, 16), v128.load(b, 16), s1)
    s2 = fma(v128.load(a, 32), v128.load(b, 32), s2)
    s3 = fma(v128.load(a, 48), v128.load(b, 48), s3)
    a += 64
    b += 64
  }
  for (; p + 4 <= k; p += 4) {
    s0 = fma(v128.load(a), v128.load(b), s0)
    a += 16
    b += 16
  }
  s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))
  let sum = f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1) + (f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3))
  for (; p < k; p++) {
    sum += load<f32>(a) * load<f32>(b)
    a += 4
    b += 4
  }
  return sum
}
