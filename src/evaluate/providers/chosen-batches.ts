import type { PreparedData } from '../data'
import { firstSamples } from '../few-samples'
import type { Reference } from '../reference'

/** Some of the data, and where its batches stand in the whole. */
export interface ChosenBatches {
  readonly data: PreparedData
  /** Number of the batch that begins with this sample; known once it was yielded. */
  indexOf(start: number): number
}

/**
 * At most about `most` samples: whole batches, evenly spread, since data is often sorted by class. The same for the same
 * data. Where state goes from sample to sample, or one batch is more than that, the first ones.
 */
export function chooseBatches({ data, inputs }: Reference, most: number): ChosenBatches {
  if (data.count <= most) return numbered(data, data.count, () => true)
  if (data.kind === 'synthetic' || data.state.length > 0)
    return numbered(firstSamples(data, inputs, most), most, () => true)
  let taken = 0
  return numbered(data, most, (start, count) => {
    if (start === 0) taken = 0
    // as many as the share of the data that has been seen
    const isTooMany = taken + count > ((start + count) / data.count) * most + count / 2
    const isLastChance = taken === 0 && start + count === data.count
    if (isTooMany && !isLastChance) return false
    taken += count
    return true
  })
}

function numbered(data: PreparedData, count: number, takes: (start: number, count: number) => boolean): ChosenBatches {
  const indices = new Map<number, number>()
  const batches: PreparedData['batches'] = async function* (signal) {
    let index = 0
    for await (const batch of data.batches(signal)) {
      indices.set(batch.start, index++)
      if (takes(batch.start, batch.count)) yield batch
    }
  }
  return { data: { ...data, count: Math.min(count, data.count), batches }, indexOf: (start) => indices.get(start) ?? 0 }
}
