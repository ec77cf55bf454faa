/** What kernels that look at a tensor find, on the host; and what their words mean. */
import type { HostArray } from '../core/host-array'
import { roundHalfEven } from '../core/tensor'
import type { Bins } from './histogram'

/** What is wanted of a value. */
export type Observer =
  | { readonly type: 'range' }
  /** `binsBetween` makes the bins of a range. */
  | { readonly type: 'histogram'; readonly bins: number; readonly at: Bins }

/** What is wanted of a value beside its own elements, or those: for a state that the next sample takes. */
export type Look = Observer | { readonly type: 'value' }

export interface Observation {
  readonly value?: HostArray
  readonly range?: ObservedRange
  /** [bins]; values that are not finite are not counted. */
  readonly counts?: Uint32Array
}

/** Where no element is finite, or all are. */
const NONE = 0xffffffff

const WORD = new Uint32Array(1)
const FLOAT = new Float32Array(WORD.buffer)

/** Orders float32 as unsigned integers: −∞ … −0 = +0 … +∞. */
export function floatKey(value: number): number {
  FLOAT[0] = value + 0
  const bits = WORD[0] as number
  return bits >= 0x80000000 ? NONE - bits : bits + 0x80000000
}

/** Back from `floatKey`. */
export function floatsOf(keys: Uint32Array): Float32Array<ArrayBuffer> {
  const words = Uint32Array.from(keys, (key) => (key >= 0x80000000 ? key - 0x80000000 : ~key))
  return new Float32Array(words.buffer)
}

/** The words of a `MinMaxCall`. */
export function minMaxWords(values: Float32Array): Uint32Array<ArrayBuffer> {
  let [low, high, first] = [Infinity, -Infinity, -1]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) {
      if (first < 0) first = i
      continue
    }
    if (value < low) low = value
    if (value > high) high = value
  }
  const isEmpty = low > high
  return Uint32Array.of(isEmpty ? NONE : floatKey(low), isEmpty ? 0 : floatKey(high), first < 0 ? NONE : first)
}

export interface ObservedRange {
  /** Of the finite elements; Infinity and -Infinity where there are none. */
  readonly min: number
  readonly max: number
  /** Flat index of the first NaN or infinity; -1 where all elements are finite. */
  readonly firstNonFinite: number
}

export function rangeOfWords(words: Uint32Array): ObservedRange {
  const [low, high, first] = words as unknown as [number, number, number]
  const [min, max] =
    low > high ? [Infinity, -Infinity] : (floatsOf(words.subarray(0, 2)) as unknown as [number, number])
  return { min, max, firstNonFinite: first === NONE ? -1 : first }
}

/** The words of a `HistogramCall`. */
export function countBins(values: Float32Array, { reciprocal, first }: Bins, bins: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(bins)
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    const bin = Math.min(bins - 1, Math.max(0, roundHalfEven(Math.fround(value * reciprocal)) - first))
    counts[bin] = (counts[bin] as number) + 1
  }
  return counts
}

/** The words of the call that an observer stands for: three, or one per bin. */
export const wordCount = (observer: Observer): number => (observer.type === 'range' ? 3 : observer.bins)

export const wordsOf = (observer: Observer, values: Float32Array): Uint32Array<ArrayBuffer> =>
  observer.type === 'range' ? minMaxWords(values) : countBins(values, observer.at, observer.bins)

export const observationOf = ({ type }: Observer, words: Uint32Array): Observation =>
  type === 'range' ? { range: rangeOfWords(words) } : { counts: words }
