import { readChunks } from '../../core/bytes'
import type { LazyTensor } from '../../graph/model'
import { byteWidth } from '../../graph/constants'
import { isAt } from './scan'

export interface Triangle {
  /** Bits of element (row, column) where column − row ≥ k. */
  readonly upper: Uint8Array
  /** Bits of all others. */
  readonly lower: Uint8Array
  readonly k: number
}

/** The diagonal that divides a [1, …, 1, rows, columns] tensor of two values, where there is one. */
export async function findTriangle(
  tensor: LazyTensor,
  pair: readonly [Uint8Array, Uint8Array],
  signal: AbortSignal,
): Promise<Triangle | undefined> {
  const { shape } = tensor
  const [rows = 0, columns = 0] = shape.slice(-2)
  if (shape.length < 2 || shape.slice(0, -2).some((size) => size !== 1)) return undefined
  const width = byteWidth(tensor.dtype)
  const corner = await tensor.data.read((columns - 1) * width, width)
  const [upper, lower] = isAt(corner, 0, pair[0]) ? pair : [pair[1], pair[0]]
  let k: number | undefined
  let row = 0
  const lineBytes = columns * width
  const linesAtOnce = Math.max(1, Math.floor((1 << 22) / lineBytes))
  for await (const chunk of readChunks(tensor.data, 0, rows * lineBytes, {
    chunkBytes: linesAtOnce * lineBytes,
    signal,
  })) {
    for (let start = 0; start < chunk.byteLength; start += lineBytes, row++) {
      let lowers = 0
      while (lowers < columns && isAt(chunk, start + lowers * width, lower)) lowers++
      // A row that starts with the lower value tells where the diagonal crosses it.
      if (lowers > 0 && k === undefined) k = lowers - row
      const expected = k === undefined ? 0 : Math.min(columns, Math.max(0, k + row))
      if (lowers !== expected) return undefined
      for (let at = lowers; at < columns; at++) if (!isAt(chunk, start + at * width, upper)) return undefined
    }
  }
  return k === undefined ? undefined : { upper, lower, k }
}
