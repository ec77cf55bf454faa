import { elementCount } from '../../core/dtypes'
import { float16ToFloat32, float32ToFloat16 } from '../../core/float16'
import { CHUNK_ELEMENTS, floatChunks, readFloats } from '../../graph/float-data'
import type { LazyTensor, TensorData } from '../../graph/model'

/** What rounding a float32 tensor to float16 does to it. */
export interface Rounding {
  /** Flat index of the first finite value that would become infinite; -1 where there is none. */
  readonly firstOverflow: number
  readonly overflowValue: number
  /** Values that would become zero. */
  readonly vanished: number
  /** null where every value is exact. NaN and infinities are exact and do not count. */
  readonly sqnrDb: number | null
}

/** Reads the tensor once, piece by piece; sums run in f64 in the order of the elements. */
export async function measureRounding(tensor: LazyTensor, signal?: AbortSignal): Promise<Rounding> {
  let power = 0
  let noise = 0
  let vanished = 0
  for await (const { start, values } of floatChunks(tensor, signal)) {
    const back = float16ToFloat32(float32ToFloat16(values))
    for (let i = 0; i < values.length; i++) {
      const x = values[i] as number
      const y = back[i] as number
      if (x === y || !Number.isFinite(x)) {
        if (Number.isFinite(x)) power += x * x
        continue
      }
      if (!Number.isFinite(y)) return { firstOverflow: start + i, overflowValue: x, vanished, sqnrDb: 0 }
      if (y === 0) vanished++
      power += x * x
      noise += (x - y) * (x - y)
    }
  }
  return { firstOverflow: -1, overflowValue: 0, vanished, sqnrDb: noise === 0 ? null : 10 * Math.log10(power / noise) }
}

/** A float32 tensor in float16, rounded whenever it is read. */
export function halfTensor(tensor: LazyTensor, name: string): LazyTensor {
  return { name, dtype: 'float16', shape: tensor.shape, data: halfData(tensor) }
}

function halfData(tensor: LazyTensor): TensorData {
  return {
    sizeBytes: elementCount(tensor.shape) * 2,
    async read(offset, length) {
      const first = Math.floor(offset / 2)
      const last = Math.ceil((offset + length) / 2)
      const halves = new Uint16Array(last - first)
      for (let at = 0; at < halves.length; at += CHUNK_ELEMENTS) {
        const count = Math.min(CHUNK_ELEMENTS, halves.length - at)
        halves.set(float32ToFloat16(await readFloats(tensor, first + at, count)), at)
      }
      return new Uint8Array(halves.buffer, offset - first * 2, length).slice()
    },
  }
}
