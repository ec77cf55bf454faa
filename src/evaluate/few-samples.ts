import { elementCount } from '../core/dtypes'
import type { Tensor } from '../core/tensor'
import type { ValueSignature } from '../runtime/runtime'
import type { Batch, PreparedData } from './data'

/**
 * The first samples of data, for runs that cost more. Batches are cut along the first axis where the model leaves it open;
 * else whole ones are taken.
 */
export function firstSamples(data: PreparedData, inputs: readonly ValueSignature[], most: number): PreparedData {
  return {
    ...data,
    count: Math.min(data.count, most),
    async *batches(signal) {
      let taken = 0
      for await (const batch of data.batches(signal)) {
        const one = cutBatch(batch, inputs, most - taken)
        yield one
        taken += one.count
        if (taken >= most) return
      }
    },
  }
}

function cutBatch(batch: Batch, inputs: readonly ValueSignature[], rows: number): Batch {
  if (batch.rows <= rows) return batch
  const isRows = (name: string, { shape }: Tensor) => {
    const first = inputs.find((input) => input.name === name)?.shape[0]
    return shape[0] === batch.rows && typeof first !== 'number'
  }
  const feeds = [...batch.feeds]
  const canCut = feeds.every(([name, value]) => isRows(name, value) || value.shape.every((size) => size === 1))
  if (!canCut) return batch
  const cut = feeds.map(([name, value]) => [name, isRows(name, value) ? firstRows(value, rows) : value] as const)
  return { ...batch, feeds: new Map(cut), count: rows, rows }
}

function firstRows({ dtype, shape, data, strings }: Tensor, rows: number): Tensor {
  const kept = [rows, ...shape.slice(1)]
  if (strings) return { dtype, shape: kept, data, strings: strings.slice(0, elementCount(kept)) }
  return { dtype, shape: kept, data: data.slice(0, (data.byteLength / (shape[0] as number)) * rows) }
}
