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
  if (data.count <= most) return numbered(data, data.count, takeAll)
  if (data.kind === 'synthetic' || data.state.length > 0) {
    return numbered(firstSamples(data, inputs, most), most, takeAll)
  }
  return numbered(data, most, () => {
    let taken = 0
    return (start, count) => {
      // as many as the share of the data that has been seen
      const isTooMany = taken + count > ((start + count) / data.count) * most + count / 2
      const isLastChance = taken === 0 && start + count === data.count
      if (isTooMany && !isLastChance) return false
      taken += count
      return true
    }
  })
}

/** Of one pass over the data: whether a batch is taken. */
type Taking = () => (start: number, count: number) => boolean

const takeAll: Taking = () => () => true

/** @param taking asked for every pass: passes of several providers are under way at once */
function numbered(data: PreparedData, count: number, taking: Taking): ChosenBatches {
  const indices = new Map<number, number>()
  const batches: PreparedData['batches'] = async function* (signal) {
    const takes = taking()
    let index = 0
    for await (const batch of data.batches(signal)) {
      indices.set(batch.start, index++)
      if (takes(batch.start, batch.count)) yield batch
    }
  }
  return { data: { ...data, count: Math.min(count, data.count), batches }, indexOf: (start) => indices.get(start) ?? 0 }
}
