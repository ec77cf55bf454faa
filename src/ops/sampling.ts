/** Reading images between their elements: what positions mean, which elements lie around one (ONNX GridSample-22). */
import type { SampleCall } from '../backends/kernel-calls'
import { cubicSlope, cubicWeight } from './resampling'
import { stridesOf } from './shapes'

export type Sampling = Pick<SampleCall, 'mode' | 'padding' | 'unit'> & {
  /** Positions in double precision. */
  readonly isExact?: boolean
}

/** Keys' parameter, as in PyTorch. */
const CUBIC_A = -0.75

/** Flat offsets of the elements around one position, the first axis first, and how much of each. */
export function tapsAt(
  sampling: Sampling,
  sizes: readonly number[],
  position: readonly number[],
): readonly [number[], number[]] {
  const strides = stridesOf(sizes)
  let offsets = [0]
  let weights = [1]
  sizes.forEach((size, axis) => {
    const taps = axisTaps(sampling, size, position[axis]!)
    offsets = offsets.flatMap((offset) => taps.map(([index]) => offset + index * strides[axis]!))
    weights = weights.flatMap((weight) => taps.map(([, factor]) => weight * factor))
  })
  return [offsets, weights]
}

/** In elements; in single precision: ties decide which element is the nearest. */
function elementAt({ unit, isExact }: Sampling, size: number, position: number): number {
  const f = isExact ? (x: number) => x : Math.fround
  if (unit === 'elements') return position
  return f(unit === 'centers' ? (f(position + 1) / 2) * (size - 1) : f(f(f(position + 1) * size) - 1) / 2)
}

/** An element that is read at a position: its flat offset, how much of it, and the derivatives of that along every axis. */
export interface SlopedTap {
  readonly offset: number
  readonly weight: number
  /** With respect to the position as it is given. */
  readonly slopes: readonly number[]
}

/** As `tapsAt`, with derivatives. */
export function slopesAt(
  sampling: Sampling,
  sizes: readonly number[],
  position: readonly number[],
): readonly SlopedTap[] {
  const strides = stridesOf(sizes)
  const perElement = (size: number) => ({ elements: 1, centers: (size - 1) / 2, edges: size / 2 })[sampling.unit]
  return sizes.reduce<readonly SlopedTap[]>(
    (found, size, axis) => {
      const taps = slopedTaps(sampling, size, position[axis]!)
      return found.flatMap(({ offset, weight, slopes }) =>
        taps.map(([index, own, slope]) => ({
          offset: offset + index * strides[axis]!,
          weight: weight * own,
          slopes: [...slopes.map((one) => one * own), weight * slope * perElement(size)],
        })),
      )
    },
    [{ offset: 0, weight: 1, slopes: [] }],
  )
}

/** Elements of one axis and their shares; those outside are left out or stand for others, as `padding` says. */
const axisTaps = (sampling: Sampling, size: number, position: number): (readonly [number, number])[] =>
  slopedTaps(sampling, size, position).flatMap(([index, weight]) => (weight === 0 ? [] : [[index, weight] as const]))

/** Index, share, and the derivative of the share with respect to the position in elements. */
function slopedTaps(
  sampling: Sampling,
  size: number,
  position: number,
): (readonly [index: number, weight: number, slope: number])[] {
  const { mode, padding, unit } = sampling
  const [low, high] = unit === 'edges' ? [-0.5, size - 0.5] : [0, size - 1]
  let x = elementAt(sampling, size, position)
  if (mode === 'nearest') x = roundToEven(x)
  // positions far outside, or that are not numbers, read nothing
  if (!Number.isFinite(x)) {
    if (padding === 'zeros') return []
    x = x === Infinity ? high : low
  }
  const turn = padding === 'reflection' ? directionOf(x, low, high) : 1
  // with 'border' each element is clamped by itself, as in onnxruntime and PyTorch
  if (padding === 'reflection' && (x < low || x > high)) x = reflect(x, low, high)
  const inside = (index: number): number | undefined => {
    if (index >= 0 && index < size) return index
    if (padding === 'zeros') return undefined
    const at = padding === 'reflection' ? Math.trunc(reflect(index, low, high)) : index
    return Math.max(0, Math.min(size - 1, at))
  }
  const first = Math.floor(x)
  const ratio = x - first
  const taps: [number, number, number][] = []
  const add = (index: number, weight: number, slope: number) => {
    const at = inside(index)
    if (at !== undefined) taps.push([at, weight, turn * slope])
  }
  if (mode === 'nearest') add(roundToEven(x), 1, 0)
  else if (mode === 'linear') {
    add(first, 1 - ratio, -1)
    add(first + 1, ratio, 1)
  } else for (let i = -1; i <= 2; i++) add(first + i, cubicWeight(ratio - i, CUBIC_A), cubicSlope(ratio - i, CUBIC_A))
  return taps
}

function roundToEven(x: number): number {
  const low = Math.floor(x)
  if (x - low !== 0.5) return Math.round(x)
  return low % 2 === 0 ? low : low + 1
}

/** Thrown back at both ends, as often as needed. */
function reflect(x: number, low: number, high: number): number {
  const range = high - low
  if (range <= 0) return low
  const distance = Math.abs(x - low) % (2 * range)
  return low + (distance <= range ? distance : 2 * range - distance)
}

/** 1 where `reflect` grows with x, −1 where it falls. */
function directionOf(x: number, low: number, high: number): number {
  const range = high - low
  if (range <= 0) return 0
  const isFolded = Math.abs(x - low) % (2 * range) > range
  return (x < low ? -1 : 1) * (isFolded ? -1 : 1)
}
