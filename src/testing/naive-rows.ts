/** Kernel calls along lines and of matrices, naively: see naive-kernels.ts. Not part of the product. */
import type { ArgReduceCall, ReduceCall } from '../backends/kernel-calls'
import type { CumulativeCall, DeterminantCall, PickCall, TopKCall } from '../backends/row-calls'
import { isBig, isFloat, type HostArray } from '../core/host-array'

type Value = number | bigint

interface Around {
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/** Visits each line with the flat index of its i-th element, and of its result among [outer, count, inner]. */
function eachLine(
  { outer, size, inner }: Around,
  visit: (at: (i: number) => number, result: (rank: number, count: number) => number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      visit(
        (i) => (o * size + i) * inner + j,
        (rank, count) => (o * count + rank) * inner + j,
      )
    }
  }
}

/** Results wrap as the type does. */
function putWhole(array: HostArray, i: number, value: bigint): void {
  array.values[i] = isBig(array.dtype) ? value : Number(BigInt.asIntN(32, value))
}

const sum = (line: readonly bigint[]): bigint => line.reduce((total, x) => total + x, 0n)
const square = (x: bigint): bigint => x * x

const WHOLE: Partial<Record<ReduceCall['reduction'], (line: readonly bigint[]) => bigint>> = {
  sum,
  mean: (line) => sum(line) / BigInt(line.length),
  max: (line) => line.reduce((most, x) => (x > most ? x : most)),
  min: (line) => line.reduce((least, x) => (x < least ? x : least)),
  prod: (line) => line.reduce((product, x) => product * x, 1n),
  sumSquare: (line) => sum(line.map(square)),
  l1: (line) => sum(line.map((x) => (x < 0n ? -x : x))),
  l2: (line) => BigInt(Math.trunc(Math.sqrt(Number(sum(line.map(square)))))),
}

export function reduceWhole(call: ReduceCall, x: HostArray, y: HostArray): void {
  const compute = WHOLE[call.reduction]
  if (!compute) throw new Error(`${call.reduction} of integers`)
  eachLine(call, (at, result) => {
    const line = Array.from({ length: call.size }, (_, i) => BigInt(x.values[at(i)]!))
    putWhole(y, result(0, 1), compute(line))
  })
}

export function argReduce({ wants, takesLast, ...lines }: ArgReduceCall, { values: x }: HostArray, y: HostArray): void {
  eachLine(lines, (at, result) => {
    let best = 0
    for (let i = 1; i < lines.size; i++) {
      const [value, most] = [x[at(i)]!, x[at(best)]!]
      const isBetter = wants === 'max' ? value > most : value < most
      if (isBetter || (takesLast && value === most)) best = i
    }
    y.values[result(0, 1)] = BigInt(best)
  })
}

/** Largest first, NaN before all. */
function descending(a: Value, b: Value): number {
  const [isOddA, isOddB] = [Number.isNaN(a), Number.isNaN(b)]
  if (isOddA || isOddB) return Number(isOddB) - Number(isOddA)
  return a > b ? -1 : a < b ? 1 : 0
}

export function topK(call: TopKCall, { values: x }: HostArray, y: HostArray, places: HostArray): void {
  const sign = call.isLargest ? 1 : -1
  eachLine(call, (at, result) => {
    const order = Array.from({ length: call.size }, (_, i) => i)
    order.sort((a, b) => sign * descending(x[at(a)]!, x[at(b)]!) || a - b)
    for (let rank = 0; rank < call.count; rank++) {
      y.values[result(rank, call.count)] = x[at(order[rank]!)]!
      places.values[result(rank, call.count)] = BigInt(order[rank]!)
    }
  })
}

export function cumulative(call: CumulativeCall, x: HostArray, y: HostArray): void {
  const { size, isExclusive, isReverse } = call
  const isWhole = !isFloat(x.dtype)
  eachLine(call, (at) => {
    let total: Value = isWhole ? 0n : 0
    for (let i = 0; i < size; i++) {
      const place = at(isReverse ? size - 1 - i : i)
      const value = x.values[place]!
      const next: Value = isWhole ? (total as bigint) + BigInt(value) : (total as number) + (value as number)
      const found: Value = isExclusive ? total : next
      if (isWhole) putWhole(y, place, found as bigint)
      else y.values[place] = found
      total = next
    }
  })
}

export function determinant({ count, size }: DeterminantCall, x: Float32Array, y: Float32Array): void {
  for (let matrix = 0; matrix < count; matrix++) {
    const rows = Array.from({ length: size }, (_, row) => {
      const start = (matrix * size + row) * size
      return [...x.subarray(start, start + size)]
    })
    y[matrix] = expand(rows)
  }
}

/** By the first row (Laplace): exact enough for the small matrices of tests, and unlike what kernels do. */
function expand(rows: readonly (readonly number[])[]): number {
  const [first, ...rest] = rows
  if (!first) return 1
  return first.reduce((total, value, column) => {
    const minor = rest.map((row) => row.filter((_, i) => i !== column))
    return total + (column % 2 ? -1 : 1) * value * expand(minor)
  }, 0)
}

export function pick(
  { outer, size, inner, strides, ignored }: PickCall,
  x: Float32Array,
  indices: ArrayLike<number>,
  y: Float32Array,
  onFault: (index: number, size: number) => never,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const i = indices[o * inner + j]!
      if (i !== ignored && (i < 0 || i >= size)) onFault(i, size)
      const found = x[o * strides.outer + i * strides.size + j * strides.inner]
      y[o * inner + j] = i === ignored ? 0 : found!
    }
  }
}
