/**
 * Resampling along one axis as a table: which elements each new place takes, and how much of each (ONNX Resize-19).
 * Coordinates are computed in single precision, step by step, as onnxruntime does: where they fall on a tie or on a whole
 * number, rounding decides which element is taken.
 */
import type { KernelCall, Operand } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'

export const COORDINATES = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'tf_crop_and_resize',
] as const
export const NEAREST_MODES = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const

export interface Resampling {
  readonly mode: 'nearest' | 'linear' | 'cubic'
  readonly coordinates: (typeof COORDINATES)[number]
  readonly nearest: (typeof NEAREST_MODES)[number]
  /** Parameter of Keys' cubic kernel. */
  readonly cubicA: number
  readonly isAntialiased: boolean
  readonly excludesOutside: boolean
}

export interface ResampledAxis {
  readonly size: number
  readonly newSize: number
  readonly scale: number
  /** Of tf_crop_and_resize, in parts of the axis. */
  readonly start: number
  readonly end: number
}

export interface AxisTable {
  readonly size: number
  readonly newSize: number
  /** Entries of each new place; those that it does not need have weight 0. */
  readonly taps: number
  /** [newSize · taps], all inside the axis. */
  readonly indices: readonly number[]
  readonly weights: readonly number[]
  /** New places that lie outside of the input and take the extrapolation value; of tf_crop_and_resize only. */
  readonly outside: readonly number[]
  /** Every place takes the element of its own number. */
  readonly isIdentity: boolean
}

type Taps = readonly (readonly [index: number, weight: number])[]

const f = Math.fround

/** Where a new place lies in the input, in elements. */
function coordinateOf({ coordinates }: Resampling, axis: ResampledAxis, x: number): number {
  const { size, newSize, scale, start, end } = axis
  const center = f(f(f(x + 0.5) / scale) - 0.5)
  switch (coordinates) {
    case 'half_pixel':
      return center
    case 'half_pixel_symmetric': {
      const adjustment = f(newSize / f(scale * size))
      const offset = f((size / 2) * f(1 - adjustment))
      return f(f(offset + f(f(x + 0.5) / scale)) - 0.5)
    }
    case 'pytorch_half_pixel':
      return newSize > 1 ? center : 0
    case 'align_corners':
      return newSize > 1 ? f((x * (size - 1)) / (newSize - 1)) : 0
    case 'asymmetric':
      return f(x / scale)
    case 'tf_crop_and_resize':
      return newSize > 1
        ? f(f(start * (size - 1)) + f(f(x * f(end - start) * (size - 1)) / (newSize - 1)))
        : f(0.5 * f(start + end) * (size - 1))
  }
}

function nearestOf(mode: Resampling['nearest'], x: number): number {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(x - 0.5)
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5)
    case 'floor':
      return Math.floor(x)
    case 'ceil':
      return Math.ceil(x)
  }
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance))

/** R. G. Keys, "Cubic convolution interpolation for digital image processing" (1981), equation 4. */
export function cubicWeight(distance: number, a: number): number {
  const t = Math.abs(distance)
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
}

/** Its derivative with respect to the distance. */
export function cubicSlope(distance: number, a: number): number {
  const t = Math.abs(distance)
  const slope = t <= 1 ? (3 * (a + 2) * t - 2 * (a + 3)) * t : t < 2 ? (3 * a * t - 10 * a) * t + 8 * a : 0
  return Math.sign(distance) * slope
}

function tapsAt(options: Resampling, { size, scale }: ResampledAxis, x: number): Taps {
  const { mode, nearest, cubicA, isAntialiased, excludesOutside } = options
  const clamp = (index: number) => Math.max(0, Math.min(size - 1, index))
  if (mode === 'nearest') return [[clamp(nearestOf(nearest, x)), 1]]
  // a filter against aliasing is as wide as the new places are apart
  const stretch = isAntialiased ? Math.min(scale, 1) : 1
  const support = (mode === 'linear' ? 1 : 2) / stretch
  const sums = new Map<number, number>()
  let total = 0
  for (let at = Math.ceil(x - support); at <= Math.floor(x + support); at++) {
    const distance = (at - x) * stretch
    const weight = mode === 'linear' ? triangle(distance) : cubicWeight(distance, cubicA)
    const index = clamp(at)
    if (weight === 0 || (excludesOutside && index !== at)) continue
    total += weight
    sums.set(index, (sums.get(index) ?? 0) + weight)
  }
  // without stretching or leaving out, weights add up to 1 by themselves
  const divisor = isAntialiased || excludesOutside ? total : 1
  return [...sums].map(([index, weight]) => [index, weight / divisor])
}

export function axisTable(options: Resampling, axis: ResampledAxis): AxisTable {
  const { size, newSize } = axis
  const lists: Taps[] = []
  const outside: number[] = []
  for (let place = 0; place < newSize; place++) {
    const x = coordinateOf(options, axis, place)
    const isOutside = options.coordinates === 'tf_crop_and_resize' && (x < 0 || x > size - 1)
    if (isOutside) outside.push(place)
    lists.push(isOutside ? [[0, 0]] : tapsAt(options, axis, x))
  }
  const taps = Math.max(1, ...lists.map(({ length }) => length))
  const entries = lists.flatMap((list) =>
    Array.from({ length: taps }, (_, tap) => list[tap] ?? ([list[0]?.[0] ?? 0, 0] as const)),
  )
  const isIdentity =
    size === newSize && taps === 1 && entries.every(([index, weight], place) => index === place && weight === 1)
  return {
    size,
    newSize,
    taps,
    indices: entries.map(([index]) => index),
    weights: entries.map(([, weight]) => weight),
    outside,
    isIdentity,
  }
}

/** One axis after the other, in double precision. `shape` is the input's; tables, one per axis. */
export function resampleAll(
  numbers: ArrayLike<number>,
  shape: readonly number[],
  tables: readonly AxisTable[],
): ArrayLike<number> {
  let current = numbers
  const sizes = [...shape]
  tables.forEach((table, axis) => {
    if (table.isIdentity) return
    const outer = elementCount(sizes.slice(0, axis))
    const inner = elementCount(sizes.slice(axis + 1))
    current = resampleAxis(current, table, outer, inner)
    sizes[axis] = table.newSize
  })
  return current
}

function resampleAxis(from: ArrayLike<number>, table: AxisTable, outer: number, inner: number): Float64Array {
  const { size, newSize, taps, indices, weights } = table
  const to = new Float64Array(outer * newSize * inner)
  for (let o = 0; o < outer; o++) {
    for (let place = 0; place < newSize; place++) {
      const target = (o * newSize + place) * inner
      for (let tap = 0; tap < taps; tap++) {
        const weight = weights[place * taps + tap] as number
        if (weight === 0) continue
        const source = (o * size + (indices[place * taps + tap] as number)) * inner
        for (let i = 0; i < inner; i++) to[target + i]! += weight * (from[source + i] as number)
      }
    }
  }
  return to
}

/**
 * Kernel calls that resample axis after axis.
 * @param scratch memory of float32 for what lies between
 */
export function resampleCalls(
  input: Operand,
  output: Operand,
  tables: readonly AxisTable[],
  scratch: (shape: readonly number[]) => Operand,
): readonly KernelCall[] {
  // those that shrink most come first: what follows has less to do
  const order = tables
    .map((table, axis) => ({ table, axis }))
    .filter(({ table }) => !table.isIdentity)
    .sort((a, b) => a.table.newSize / a.table.size - b.table.newSize / b.table.size || a.axis - b.axis)
  if (order.length === 0) return [{ kernel: 'alias', input, output }]
  let current = input
  return order.map(({ table, axis }, step) => {
    const { shape } = current
    const target = step === order.length - 1 ? output : scratch(shape.with(axis, table.newSize))
    const call: KernelCall = {
      kernel: 'resample',
      input: current,
      output: target,
      outer: elementCount(shape.slice(0, axis)),
      size: table.size,
      newSize: table.newSize,
      inner: elementCount(shape.slice(axis + 1)),
      taps: table.taps,
      indices: table.indices,
      weights: table.weights,
    }
    current = target
    return call
  })
}
