import { elementCount } from '../core/dtypes'
import type { Note } from '../core/progress'
import type { Tensor } from '../core/tensor'
import type { Labels } from '../formats/format'

/** An output that is fed back as an input of the next sample. */
export interface StateLink {
  readonly output: string
  readonly input: string
}

export type Feeds = ReadonlyMap<string, Tensor>

/** What one run of a model takes. */
export interface Batch {
  readonly feeds: Feeds
  /** Index of the first sample. */
  readonly start: number
  /** Samples in it. */
  readonly count: number
  /** Samples that the run computes; those after `count` fill up a fixed batch and are cut off. */
  readonly rows: number
}

/** Inputs on which two models are compared: the same ones, in the same order, every time. */
export interface PreparedData {
  readonly kind: 'user' | 'synthetic'
  readonly count: number
  readonly labels?: Labels
  /** How pictures become inputs, in the words of `--preprocess`. */
  readonly preprocess?: string
  readonly state: readonly StateLink[]
  readonly notes: readonly Note[]
  batches(signal?: AbortSignal): AsyncIterable<Batch>
  /** One sample, for latency; the whole batch where its size is fixed. */
  single(): Promise<Feeds>
}

/** Keeps the first batches, up to `capBytes`, so that pictures are decoded once for several candidates. */
export function keepingBatches(data: PreparedData, capBytes: number): PreparedData {
  const kept: Batch[] = []
  let keptBytes = 0
  let isOpen = true
  return {
    ...data,
    async *batches(signal) {
      yield* kept.slice()
      const skip = kept.length
      if (skip > 0 && isComplete(kept, data.count)) return
      let index = 0
      for await (const batch of data.batches(signal)) {
        if (index++ < skip) continue
        const bytes = [...batch.feeds.values()].reduce((sum, value) => sum + value.data.byteLength, 0)
        if (keptBytes + bytes > capBytes) isOpen = false
        if (isOpen && kept.length === index - 1) {
          kept.push(batch)
          keptBytes += bytes
        }
        yield batch
      }
    },
  }
}

function isComplete(batches: readonly Batch[], count: number): boolean {
  const last = batches.at(-1)
  return last !== undefined && last.start + last.count === count
}

/** Outputs without what a filled-up batch computed beyond its samples. */
export function cutRows(outputs: ReadonlyMap<string, Tensor>, { rows, count }: Batch): ReadonlyMap<string, Tensor> {
  if (rows === count) return outputs
  const cut = new Map<string, Tensor>()
  for (const [name, value] of outputs) {
    if (value.shape[0] !== rows || value.dtype === 'string') {
      cut.set(name, value)
      continue
    }
    const shape = [count, ...value.shape.slice(1)]
    const bytes = (value.data.byteLength / elementCount(value.shape)) * elementCount(shape)
    cut.set(name, { ...value, shape, data: value.data.slice(0, bytes) })
  }
  return cut
}
