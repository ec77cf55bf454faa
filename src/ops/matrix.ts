/** Products of matrices for the references: quick enough for networks of a few GFLOP, accumulated in double precision. */
import { isBig, isFloat, numbersOf, type HostArray, type Values } from '../core/host-array'

export interface MatrixView {
  readonly values: Values
  readonly offset: number
  /** Stored as [columns, rows]. */
  readonly isTransposed: boolean
}

/** Plain numbers, one per slot. */
export type Numbers = Exclude<Values, BigInt64Array | BigUint64Array>

const UNROLL = 4
const FEW_ROWS = 4

/**
 * out[i, j] = Σₚ a[i, p] · b[p, j] over a [m, k] and b [k, n].
 * @returns [m, n] in double precision
 */
export function floatProduct(a: MatrixView, b: MatrixView, [m, n, k]: readonly [number, number, number]): Float64Array {
  if (b.isTransposed && m <= FEW_ROWS) return rowsTimesRows(a, b, [m, n, k])
  const left = inOrder(a, m, k) as Numbers
  const right = inOrder(b, k, n) as Numbers
  const aStart = a.isTransposed ? 0 : a.offset
  const bStart = b.isTransposed ? 0 : b.offset
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) {
    const row = out.subarray(i * n, (i + 1) * n)
    let p = 0
    // four rows of b at a time: the row of sums is read and written a quarter as often
    for (; p + UNROLL <= k; p += UNROLL) {
      const at = aStart + i * k + p
      const [a0, a1, a2, a3] = [left[at]!, left[at + 1]!, left[at + 2]!, left[at + 3]!]
      const b0 = bStart + p * n
      const [b1, b2, b3] = [b0 + n, b0 + 2 * n, b0 + 3 * n]
      for (let j = 0; j < n; j++) {
        row[j] = row[j]! + a0 * right[b0 + j]! + a1 * right[b1 + j]! + a2 * right[b2 + j]! + a3 * right[b3 + j]!
      }
    }
    for (; p < k; p++) {
      const factor = left[aStart + i * k + p]!
      const from = bStart + p * n
      for (let j = 0; j < n; j++) row[j] = row[j]! + factor * right[from + j]!
    }
  }
  return out
}

/** The same where putting b in order would take longer than the product. */
function rowsTimesRows(
  a: MatrixView,
  { values, offset }: MatrixView,
  [m, n, k]: readonly [number, number, number],
): Float64Array {
  const left = inOrder(a, m, k) as Numbers
  const right = values as Numbers
  const aStart = a.isTransposed ? 0 : a.offset
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let p = 0; p < k; p++) sum += left[aStart + i * k + p]! * right[offset + j * k + p]!
      out[i * n + j] = sum
    }
  }
  return out
}

/** The elements row by row; the array itself (with its offset) where they are. */
function inOrder({ values, offset, isTransposed }: MatrixView, rows: number, columns: number): Values {
  if (!isTransposed) return values
  const ordered = new (values.constructor as new (count: number) => Values)(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) ordered[i * columns + j] = values[offset + j * rows + i]!
  }
  return ordered
}

/**
 * The same for whole numbers, which wrap as their type does: exact, where sums in double precision would round.
 * @returns [m, n], to be stored in an array of the element type
 */
export function integerProduct(
  a: MatrixView,
  b: MatrixView,
  [m, n, k]: readonly [number, number, number],
): (number | bigint)[] {
  const left = inOrder(a, m, k)
  const right = inOrder(b, k, n)
  const aStart = a.isTransposed ? 0 : a.offset
  const bStart = b.isTransposed ? 0 : b.offset
  const isWide = left instanceof BigInt64Array || left instanceof BigUint64Array
  return Array.from({ length: m * n }, (_, position) => {
    const i = Math.floor(position / n)
    const j = position % n
    if (isWide) {
      let sum = 0n
      for (let p = 0; p < k; p++)
        sum += (left[aStart + i * k + p] as bigint) * (right[bStart + p * n + j] as unknown as bigint)
      return sum
    }
    let sum = 0
    for (let p = 0; p < k; p++)
      sum = (sum + Math.imul(left[aStart + i * k + p] as number, right[bStart + p * n + j] as number)) | 0
    return sum
  })
}

/** Writes op(a) · op(b) into `result` from `at` on; whole numbers wrap. */
export function multiplyInto(
  result: HostArray,
  at: number,
  a: MatrixView,
  b: MatrixView,
  sizes: readonly [number, number, number],
): void {
  if (isFloat(result.dtype)) (result.values as Float64Array).set(floatProduct(a, b, sizes), at)
  else if (isBig(result.dtype)) {
    ;(result.values as BigInt64Array).set(integerProduct(a, b, sizes) as bigint[], at)
  } else (result.values as Int32Array).set(integerProduct(a, b, sizes) as number[], at)
}

export const matrixOf = (array: HostArray, offset = 0, isTransposed = false): MatrixView => ({
  values: isBig(array.dtype) ? array.values : numbersOf(array),
  offset,
  isTransposed,
})
