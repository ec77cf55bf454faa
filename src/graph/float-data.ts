import { CHUNK_BYTES } from '../core/bytes'
import { elementCount } from '../core/dtypes'
import { assert, throwIfAborted } from '../core/errors'
import { float16ToFloat32 } from '../core/float16'
import type { LazyTensor } from './model'

/** Elements that are held at once: 16 MiB as float32. */
export const CHUNK_ELEMENTS = CHUNK_BYTES / 4

export type ReadableFloat = 'float32' | 'float16'

export function isReadableFloat(dtype: string): dtype is ReadableFloat {
  return dtype === 'float32' || dtype === 'float16'
}

/** Elements `[start, start + count)` of a float32 or float16 tensor, as float32 in memory of their own. */
export async function readFloats(tensor: LazyTensor, start: number, count: number): Promise<Float32Array<ArrayBuffer>> {
  assert(isReadableFloat(tensor.dtype), `${tensor.name} is ${tensor.dtype}, not a float that can be read`)
  const width = tensor.dtype === 'float32' ? 4 : 2
  const bytes = await tensor.data.read(start * width, count * width)
  const buffer = bytes.byteOffset % width === 0 ? bytes.buffer : bytes.slice().buffer
  const offset = bytes.byteOffset % width === 0 ? bytes.byteOffset : 0
  return width === 4
    ? new Float32Array(buffer, offset, count)
    : float16ToFloat32(new Uint16Array(buffer, offset, count))
}

/** All elements piece by piece, with the flat index at which each piece starts. */
export async function* floatChunks(
  tensor: LazyTensor,
  signal?: AbortSignal,
): AsyncGenerator<{ start: number; values: Float32Array<ArrayBuffer> }> {
  const count = elementCount(tensor.shape)
  for (let start = 0; start < count; start += CHUNK_ELEMENTS) {
    throwIfAborted(signal)
    yield { start, values: await readFloats(tensor, start, Math.min(CHUNK_ELEMENTS, count - start)) }
  }
}
