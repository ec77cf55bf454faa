import type { Reference } from '../../evaluate/compare'
import type { Batch } from '../../evaluate/data'

/**
 * The same reference on its first samples alone, in whole batches: at least `samples` of them. Nothing is copied; the
 * whole reference must not be released before it.
 */
export async function firstSamples(reference: Reference, samples: number): Promise<Reference> {
  const { data, stored } = reference
  if (samples >= data.count) return reference
  let batches = 0
  let count = 0
  for await (const batch of data.batches()) {
    batches++
    count += batch.count
    if (count >= samples) break
  }
  return {
    ...reference,
    stored: stored && stored.slice(0, batches),
    data: {
      ...data,
      count,
      async *batches(signal): AsyncGenerator<Batch> {
        let left = batches
        for await (const batch of data.batches(signal)) {
          yield batch
          if (--left === 0) return
        }
      },
    },
    release: async () => {},
  }
}
