// The heart of matrix products and convolutions: up to 4 rows of A times panels of B, in registers.
//
// A panel is `kc` rows of 16 columns, of which the last panel of a block may use 8: a tile of 2 × 16 (or 4 × 8) floats
// stays in registers, larger ones spill in V8. Sums begin as whatever `first` points to (zeros, a bias, or C itself),
// so no pass over C comes before or after.
import { fma, scratch, storeLanes } from './simd'

/** Rows of A that are multiplied at once. */
export const MR: i32 = 4
/** Columns of a panel. */
export const NR: i32 = 16
/** A panel of KC rows is half a first-level cache. */
export const KC: i32 = 256
/** Columns of B that are packed at once: KC · NC floats fit into a second-level cache. */
export const NC: i32 = 256
/** Rows of A that are packed at once where its own are not contiguous, in groups of a cache line. */
export const ROWS: i32 = 64
export const GROUP: i32 = 16
export const GROUP_BYTES: usize = GROUP * KC * 4

// Layout of the scratch memory; ../encode/gemm.ts asks for it. Packing may write 3 rows beyond the last panel.
const TILE_BYTES: usize = MR * NR * 4
const FIRST_BYTES: usize = MR * NR * 4
const ROWS_BYTES: usize = ROWS * KC * 4

// @ts-ignore: decorator
@inline
export function firstRows(): usize {
  return scratch + TILE_BYTES
}

// @ts-ignore: decorator
@inline
export function packedRows(): usize {
  return scratch + TILE_BYTES + FIRST_BYTES
}

// @ts-ignore: decorator
@inline
export function panelMemory(): usize {
  return scratch + TILE_BYTES + FIRST_BYTES + ROWS_BYTES
}

/** Columns of the panel that begins where `left` columns are left. */
// @ts-ignore: decorator
@inline
export function panelWidth(left: i32): i32 {
  return left > 8 ? NR : 8
}

/** 16 times the same number in each of 4 rows: where sums begin when there is one bias per row, or none. */
export function splatRows(from: usize, step: usize, rows: i32): void {
  let to = firstRows()
  for (let i = 0; i < MR; i++) {
    const v = from == 0 ? f32x4.splat(0) : v128.load32_splat(from)
    v128.store(to, v)
    v128.store(to, v, 16)
    v128.store(to, v, 32)
    v128.store(to, v, 48)
    to += NR << 2
    if (i + 1 < rows) from += step
  }
}

/**
 * C[rows][nc] = first + A[rows][kc] · B[kc][nc], 1 to 4 rows.
 * @param aRow bytes from one row of A to the next
 * @param aStep bytes from one column of A to the next
 * @param bRow bytes from one row of a panel to the next
 * @param bPanel bytes from one panel to the next
 * @param firstPanel bytes that `first` moves from one panel to the next
 */
export function multiply(
  a: usize, aRow: usize, aStep: usize, rows: i32, kc: i32,
  b: usize, bRow: usize, bPanel: usize,
  first: usize, firstRow: usize, firstPanel: usize,
  c: usize, cRow: usize, nc: i32,
): void {
  for (let j = 0; j < nc; j += NR) {
    const left = nc - j
    const width = panelWidth(left)
    const isWhole = left >= width
    const to = isWhole ? c : scratch
    const toRow: usize = isWhole ? cRow : NR << 2
    if (width == NR) {
      tile2x16(a, rows > 1 ? aRow : 0, aStep, kc, b, bRow, first, rows > 1 ? firstRow : 0, to, rows > 1 ? toRow : 0)
      if (rows > 2) {
        const step: usize = rows > 3 ? 1 : 0
        tile2x16(a + 2 * aRow, step * aRow, aStep, kc, b, bRow, first + 2 * firstRow, step * firstRow, to + 2 * toRow, step * toRow)
      }
    } else tile4x8(a, aRow, aStep, rows, kc, b, bRow, first, firstRow, to, toRow)
    if (!isWhole) {
      for (let i: usize = 0; i < <usize>rows; i++) storeRow(c + i * cRow, to + i * toRow, left)
    }
    b += bPanel
    first += firstPanel
    c += NR << 2
  }
}

function storeRow(to: usize, from: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    storeLanes(to, v128.load(from), count)
    to += 16
    from += 16
  }
}

/** Two rows; with steps of 0 between them they are one row that is computed twice. */
export function tile2x16(
  a: usize, aRow: usize, aStep: usize, kc: i32, b: usize, bRow: usize, first: usize, firstRow: usize, c: usize, cRow: usize,
): void {
  let c00 = v128.load(first)
  let c01 = v128.load(first, 16)
  let c02 = v128.load(first, 32)
  let c03 = v128.load(first, 48)
  let c10 = v128.load(first + firstRow)
  let c11 = v128.load(first + firstRow, 16)
  let c12 = v128.load(first + firstRow, 32)
  let c13 = v128.load(first + firstRow, 48)
  let a1 = a + aRow
  const end = a + <usize>kc * aStep
  while (a < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const b2 = v128.load(b, 32)
    const b3 = v128.load(b, 48)
    const x = v128.load32_splat(a)
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    c02 = fma(x, b2, c02)
    c03 = fma(x, b3, c03)
    const y = v128.load32_splat(a1)
    c10 = fma(y, b0, c10)
    c11 = fma(y, b1, c11)
    c12 = fma(y, b2, c12)
    c13 = fma(y, b3, c13)
    a += aStep
    a1 += aStep
    b += bRow
  }
  v128.store(c, c00)
  v128.store(c, c01, 16)
  v128.store(c, c02, 32)
  v128.store(c, c03, 48)
  v128.store(c + cRow, c10)
  v128.store(c + cRow, c11, 16)
  v128.store(c + cRow, c12, 32)
  v128.store(c + cRow, c13, 48)
}

/** The last columns of a block; rows that are not there are the last one again. */
function tile4x8(
  a: usize, aRow: usize, aStep: usize, rows: i32, kc: i32, b: usize, bRow: usize, first: usize, firstRow: usize, c: usize, cRow: usize,
): void {
  const row1: usize = rows > 1 ? 1 : 0
  const row2: usize = rows > 2 ? 2 : row1
  const row3: usize = rows > 3 ? 3 : row2
  let from = first
  let c00 = v128.load(from)
  let c01 = v128.load(from, 16)
  from = first + row1 * firstRow
  let c10 = v128.load(from)
  let c11 = v128.load(from, 16)
  from = first + row2 * firstRow
  let c20 = v128.load(from)
  let c21 = v128.load(from, 16)
  from = first + row3 * firstRow
  let c30 = v128.load(from)
  let c31 = v128.load(from, 16)
  let a1 = a + row1 * aRow
  let a2 = a + row2 * aRow
  let a3 = a + row3 * aRow
  const end = a + <usize>kc * aStep
  while (a < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const x0 = v128.load32_splat(a)
    c00 = fma(x0, b0, c00)
    c01 = fma(x0, b1, c01)
    const x1 = v128.load32_splat(a1)
    c10 = fma(x1, b0, c10)
    c11 = fma(x1, b1, c11)
    const x2 = v128.load32_splat(a2)
    c20 = fma(x2, b0, c20)
    c21 = fma(x2, b1, c21)
    const x3 = v128.load32_splat(a3)
    c30 = fma(x3, b0, c30)
    c31 = fma(x3, b1, c31)
    a += aStep
    a1 += aStep
    a2 += aStep
    a3 += aStep
    b += bRow
  }
  v128.store(c, c00)
  v128.store(c, c01, 16)
  let to = c + row1 * cRow
  v128.store(to, c10)
  v128.store(to, c11, 16)
  to = c + row2 * cRow
  v128.store(to, c20)
  v128.store(to, c21, 16)
  to = c + row3 * cRow
  v128.store(to, c30)
  v128.store(to, c31, 16)
}

/** Panels of `nc` columns of B, times alpha. Columns beyond the edge hold anything: their sums are dropped. */
export function packB(b: usize, bRow: i32, bColumn: i32, kc: i32, nc: i32, alpha: f32, to: usize): void {
  const rowBytes = <usize>bRow << 2
  const columnBytes = <usize>bColumn << 2
  const factor = f32x4.splat(alpha)
  for (let j = 0; j < nc; j += NR) {
    const columns = min(NR, nc - j)
    const width = panelWidth(columns)
    const from = b + <usize>j * columnBytes
    if (bColumn == 1) packRows(from, rowBytes, kc, width, factor, to)
    else if (bRow == 1) packColumns(from, columnBytes, kc, columns, width, factor, to)
    else packScattered(from, rowBytes, columnBytes, kc, columns, alpha, to)
    to += <usize>(kc * NR) << 2
  }
}

function packRows(from: usize, rowBytes: usize, kc: i32, width: i32, factor: v128, to: usize): void {
  for (let k = 0; k < kc; k++) {
    v128.store(to, f32x4.mul(v128.load(from), factor))
    v128.store(to, f32x4.mul(v128.load(from, 16), factor), 16)
    if (width == NR) {
      v128.store(to, f32x4.mul(v128.load(from, 32), factor), 32)
      v128.store(to, f32x4.mul(v128.load(from, 48), factor), 48)
    }
    from += rowBytes
    to += NR << 2
  }
}

/** Columns that are contiguous along k, 4 × 4 numbers at a time. */
function packColumns(from: usize, pitch: usize, kc: i32, columns: i32, width: i32, factor: v128, to: usize): void {
  const last = from + <usize>(columns - 1) * pitch
  for (let q = 0; q < width; q += 4) {
    const a = min(last, from)
    const b = min(last, from + pitch)
    const c = min(last, from + 2 * pitch)
    const d = min(last, from + 3 * pitch)
    transpose(a, b, c, d, kc, factor, to + (q << 2), NR << 2)
    from += 4 * pitch
  }
}

function packScattered(from: usize, rowBytes: usize, columnBytes: usize, kc: i32, columns: i32, alpha: f32, to: usize): void {
  for (let k = 0; k < kc; k++) {
    for (let q = 0; q < columns; q++) store<f32>(to + (q << 2), alpha * load<f32>(from + <usize>q * columnBytes))
    from += rowBytes
    to += NR << 2
  }
}

/** Four runs of `count` numbers become rows of four, `pitch` bytes apart; up to 3 rows more are written. */
function transpose(a: usize, b: usize, c: usize, d: usize, count: i32, factor: v128, to: usize, pitch: usize): void {
  for (let k = 0; k < count; k += 4) {
    const va = v128.load(a)
    const vb = v128.load(b)
    const vc = v128.load(c)
    const vd = v128.load(d)
    const abLow = i8x16.shuffle(va, vb, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
    const cdLow = i8x16.shuffle(vc, vd, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
    const abHigh = i8x16.shuffle(va, vb, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
    const cdHigh = i8x16.shuffle(vc, vd, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
    v128.store(to, f32x4.mul(factor, i8x16.shuffle(abLow, cdLow, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)))
    to += pitch
    v128.store(to, f32x4.mul(factor, i8x16.shuffle(abLow, cdLow, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)))
    to += pitch
    v128.store(to, f32x4.mul(factor, i8x16.shuffle(abHigh, cdHigh, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)))
    to += pitch
    v128.store(to, f32x4.mul(factor, i8x16.shuffle(abHigh, cdHigh, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)))
    to += pitch
    a += 16
    b += 16
    c += 16
    d += 16
  }
}

/** Up to ROWS rows of A whose own are not contiguous, in groups of 16: number k of row i of a group lies at 16 · k + i. */
export function packA(a: usize, aRow: i32, aColumn: i32, rows: i32, kc: i32): void {
  for (let k = 0; k < kc; k++) {
    let to = packedRows() + (k << 6)
    for (let i = 0; i < rows; i += GROUP) {
      const from = a + ((i * aRow) << 2)
      if (aRow == 1) {
        // rows that are not there are read, too, and never used
        v128.store(to, v128.load(from))
        v128.store(to, v128.load(from, 16), 16)
        v128.store(to, v128.load(from, 32), 32)
        v128.store(to, v128.load(from, 48), 48)
      } else {
        for (let q = 0; q < min(GROUP, rows - i); q++) store<f32>(to + (q << 2), load<f32>(from + ((q * aRow) << 2)))
      }
      to += GROUP_BYTES
    }
    a += aColumn << 2
  }
}
