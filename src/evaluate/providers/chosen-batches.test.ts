import { describe, expect, it } from 'vitest'
import type { Batch, PreparedData } from '../data'
import type { Reference } from '../reference'
import { chooseBatches } from './chosen-batches'

function referenceOf(count: number, each: number, more: Partial<PreparedData> = {}): Reference {
  const data: PreparedData = {
    ...{ kind: 'user', count, state: [], notes: [] },
    async *batches() {
      for (let start = 0; start < count; start += each) {
        const size = Math.min(each, count - start)
        yield { feeds: new Map(), start, count: size, rows: size } satisfies Batch
      }
    },
    single: async () => new Map(),
    ...more,
  }
  return { data, inputs: [], outputs: [] } as unknown as Reference
}

async function startsOf(reference: Reference, most: number) {
  const chosen = chooseBatches(reference, most)
  const starts: number[] = []
  let samples = 0
  for await (const { start, count } of chosen.data.batches()) {
    starts.push(start)
    samples += count
  }
  return { starts, samples, indices: starts.map((start) => chosen.indexOf(start)) }
}

describe('chooseBatches', () => {
  it('takes all where they are few', async () => {
    expect(await startsOf(referenceOf(7, 3), 7)).toEqual({ starts: [0, 3, 6], samples: 7, indices: [0, 1, 2] })
  })

  it('spreads over the data, since it may be sorted by class, and is the same every time', async () => {
    const reference = referenceOf(2000, 32)
    const { starts, samples, indices } = await startsOf(reference, 500)
    expect(samples).toBeGreaterThan(450)
    expect(samples).toBeLessThan(550)
    // every tenth of the data is there
    expect(new Set(starts.map((start) => Math.floor(start / 200))).size).toBe(10)
    expect(indices).toEqual(starts.map((start) => start / 32))
    expect(await startsOf(reference, 500)).toEqual({ starts, samples, indices })
  })

  it('gives the same batches to passes that are under way at once', async () => {
    const { data } = chooseBatches(referenceOf(2000, 32), 500)
    const passes = [data, data].map((one) => one.batches()[Symbol.asyncIterator]())
    for (;;) {
      const [one, other] = [await passes[0]!.next(), await passes[1]!.next()]
      expect(other).toEqual(one)
      if (one.done) break
    }
  })

  it('takes one batch at least, and the first ones where state is carried', async () => {
    expect((await startsOf(referenceOf(1000, 1000), 100)).samples).toBe(1000)
    const carried = referenceOf(10, 1, { state: [{ output: 'a', input: 'b' }] })
    expect((await startsOf(carried, 4)).starts).toEqual([0, 1, 2, 3])
  })
})
