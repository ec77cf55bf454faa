/** Sizes that shape arithmetic computes with: numbers, symbols ('batch'), or null where nothing is known. */
import type { Dim } from '../graph/model'
import type { InferContext } from './op'
import type { Dims } from './shapes'

/** What the helpers here read of a shape rule's context, whatever the operator's attributes. */
export type Values = Pick<InferContext<Record<never, never>>, 'constant' | 'dims' | 'has' | 'shape'>

/** Longest list of sizes that is followed where only its length is known. */
const LONGEST = 64

export const addDims = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return a === 0 ? b : b === 0 ? a : null
}

export const subtractDims = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return b === 0 ? a : a === b && a !== null ? 0 : null
}

export const multiplyDims = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  return a === 0 || b === 0 ? 0 : a === 1 ? b : b === 1 ? a : null
}

/** Towards zero, as integers are divided; by 0: not known. */
export const divideDims = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return b === 0 ? null : Math.trunc(a / b)
  return b === 1 ? a : a === b && a !== null ? 1 : null
}

/** The value of an input that lists sizes; of one that is computed, as many nulls as it has elements. */
export function sizesOf(context: Values, input: number): Dims | undefined {
  const known = context.dims(input)
  if (known) return known
  const shape = context.shape(input)
  if (!shape || shape.length > 1) return undefined
  const count = shape.length === 0 ? 1 : shape[0]
  return typeof count === 'number' && count <= LONGEST ? new Array<Dim>(count).fill(null) : undefined
}

/** The whole numbers of an input as far as they are known as a whole: axes, pads, repeats. */
export function knownIntegers(context: Values, input: number): readonly number[] | undefined {
  const dims = context.dims(input)
  return dims?.every((dim) => typeof dim === 'number') ? (dims as readonly number[]) : undefined
}
