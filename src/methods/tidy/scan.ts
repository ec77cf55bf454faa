import { elementCount, type DType } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import { asNumbers, float16ToNumber, numberToFloat16 } from '../../core/tensor'
import { byteWidth } from '../../graph/constants'
import type { LazyTensor } from '../../graph/model'

/** Elements that are looked at in one piece; the first piece is small, since most tensors are told by it. */
const FIRST_ELEMENTS = 1 << 10
const PIECE_ELEMENTS = 1 << 20

export interface Scan {
  /** Narrower dtypes that hold every element with the same bits after a Cast back, narrowest first. */
  readonly fits: readonly DType[]
  /** The two bit patterns that all elements have, in order of appearance; undefined where there are others. */
  readonly pair?: readonly [Uint8Array, Uint8Array]
}

const INTEGER_RANGES: readonly (readonly [DType, number, number])[] = [
  ['uint8', 0, 255],
  ['int8', -128, 127],
  ['int16', -32768, 32767],
  ['uint16', 0, 65535],
  ['int32', -2147483648, 2147483647],
]

/** Looks at every element, and stops as soon as nothing smaller can hold them. */
export async function scanTensor(tensor: LazyTensor, candidates: readonly DType[], signal: AbortSignal): Promise<Scan> {
  const width = byteWidth(tensor.dtype)
  let fits = [...candidates]
  let patterns: Uint8Array[] | undefined = []
  const total = elementCount(tensor.shape)
  for (let start = 0; start < total;) {
    const size = Math.min(start === 0 ? FIRST_ELEMENTS : PIECE_ELEMENTS, total - start)
    throwIfAborted(signal)
    const data = await tensor.data.read(start * width, size * width)
    const values = asNumbers({ dtype: tensor.dtype, shape: [size], data })
    fits = fits.filter((dtype) => holdsAll(dtype, values))
    if (patterns) patterns = addPatterns(patterns, data, width)
    if (fits.length === 0 && !patterns) return { fits }
    start += size
  }
  const [a, b] = patterns ?? []
  return a && b ? { fits, pair: [a, b] } : { fits }
}

function holdsAll(dtype: DType, values: Float64Array): boolean {
  if (dtype === 'float16') return values.every((value) => float16ToNumber(numberToFloat16(value)) === value)
  if (dtype === 'float32') return values.every((value) => Math.fround(value) === value)
  const range = INTEGER_RANGES.find(([name]) => name === dtype)
  if (!range) return false
  const [, low, high] = range
  // Minus zero would come back as plus zero.
  return values.every((value) => Number.isInteger(value) && value >= low && value <= high && !Object.is(value, -0))
}

/** The distinct bit patterns so far, or undefined once there are more than two. */
function addPatterns(known: Uint8Array[], data: Uint8Array, width: number): Uint8Array[] | undefined {
  const patterns = [...known]
  for (let at = 0; at < data.byteLength; at += width) {
    if (patterns.some((pattern) => isAt(data, at, pattern))) continue
    if (patterns.length === 2) return undefined
    patterns.push(data.slice(at, at + width))
  }
  return patterns
}

export function isAt(data: Uint8Array, at: number, pattern: Uint8Array): boolean {
  for (let i = 0; i < pattern.byteLength; i++) if (data[at + i] !== pattern[i]) return false
  return true
}
