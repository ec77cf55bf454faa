/** Cutting arrays along an axis and putting them together again, whatever their elements are. */
import { elementCount } from '../core/dtypes'
import { emptyArray, type HostArray } from '../core/host-array'
import { around } from './shapes'

type Sliceable = Float32Array<ArrayBuffer>

/** The entry `index` of an axis, which disappears: [.., size, ..] → [.., ..]. */
export function takeEntry(array: HostArray, axis: number, index: number): HostArray {
  const { outer, size, inner } = around(array.shape, axis)
  const taken = emptyLike(array, [...array.shape.slice(0, axis), ...array.shape.slice(axis + 1)])
  for (let o = 0; o < outer; o++) {
    const start = (o * size + index) * inner
    // both are of one kind; the union of kinds has no common `set`
    ;(taken.values as Sliceable).set((array.values as Sliceable).subarray(start, start + inner), o * inner)
  }
  return taken
}

/** Arrays of one shape as entries of a new axis: [..] × n → [.., n, ..]. */
export function stackEntries(entries: readonly [HostArray, ...HostArray[]], axis: number): HostArray {
  const { shape } = entries[0]
  const inner = elementCount(shape.slice(axis))
  const outer = elementCount(shape.slice(0, axis))
  const stacked = emptyLike(entries[0], [...shape.slice(0, axis), entries.length, ...shape.slice(axis)])
  entries.forEach(({ values }, index) => {
    for (let o = 0; o < outer; o++) {
      const from = (values as Sliceable).subarray(o * inner, (o + 1) * inner)
      ;(stacked.values as Sliceable).set(from, (o * entries.length + index) * inner)
    }
  })
  return stacked
}

/** Zeros of another shape, of the same dtype and precision. */
export const emptyLike = (array: HostArray, shape: readonly number[]): HostArray =>
  emptyArray(array.dtype, shape, array.values instanceof Float64Array)
