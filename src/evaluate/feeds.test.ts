import { describe, expect, it } from 'vitest'
import { asNumbers, type Tensor } from '../core/tensor'
import { tensorOf } from '../testing/build-model'
import type { Batch, StateLink } from './data'
import { arrayData, feedsFor, type ArraySamples } from './feeds'
import type { ValueSignature } from '../runtime/runtime'
import { keepingBatches } from './data'

const ramp = (count: number) => Array.from({ length: count }, (_, i) => i)

function samples(arrays: Record<string, Tensor>, count: number): ArraySamples {
  return { kind: 'arrays', name: 'data.npz', sha256: '', count, notes: [], arrays: new Map(Object.entries(arrays)) }
}

const input = (
  name: string,
  shape: ValueSignature['shape'],
  dtype: ValueSignature['dtype'] = 'float32',
): ValueSignature => ({
  name,
  dtype,
  shape,
})

async function batches(data: ArraySamples, inputs: ValueSignature[], state: StateLink[] = [], maxBatch?: number) {
  const result: Batch[] = []
  for await (const batch of arrayData(data, { inputs }, state, maxBatch).batches()) result.push(batch)
  return result
}

const values = (batch: Batch | undefined, name: string) => [...asNumbers(batch?.feeds.get(name) as Tensor)]

describe('arrayData', () => {
  it('batches an open first size', async () => {
    const data = samples({ x: tensorOf('float32', [5, 2], ramp(10)) }, 5)
    const found = await batches(data, [input('x', ['n', 2])], [], 3)
    expect(found.map(({ start, count, rows }) => [start, count, rows])).toEqual([
      [0, 3, 3],
      [3, 2, 2],
    ])
    expect(found[1]?.feeds.get('x')?.shape).toEqual([2, 2])
    expect(values(found[1], 'x')).toEqual([6, 7, 8, 9])
  })

  it('fills up the last of a fixed batch with samples from the start', async () => {
    const data = samples({ x: tensorOf('float32', [5, 2], ramp(10)) }, 5)
    const found = await batches(data, [input('x', [3, 2])])
    expect(found.map(({ count, rows }) => [count, rows])).toEqual([
      [3, 3],
      [2, 3],
    ])
    expect(values(found[1], 'x')).toEqual([6, 7, 8, 9, 0, 1])
  })

  it('fills up a batch that is larger than all data', async () => {
    const [batch] = await batches(samples({ x: tensorOf('float32', [2, 1], [7, 9]) }, 2), [input('x', [5, 1])])
    expect(values(batch, 'x')).toEqual([7, 9, 7, 9, 7])
    expect([batch?.count, batch?.rows]).toEqual([2, 5])
  })

  it('gives whole inputs one by one, and shares what has no samples', async () => {
    const data = samples({ x: tensorOf('float32', [2, 1, 3], ramp(6)), rate: tensorOf('int64', [], [16000]) }, 2)
    const found = await batches(data, [input('x', ['?', '?']), input('rate', [], 'int64')])
    expect(found.map((batch) => batch.feeds.get('x')?.shape)).toEqual([
      [1, 3],
      [1, 3],
    ])
    expect(found.map((batch) => values(batch, 'rate'))).toEqual([[16000], [16000]])
  })

  it('groups elements as a fixed input has them', async () => {
    const [batch] = await batches(samples({ '': tensorOf('uint8', [2, 4], ramp(8)) }, 2), [input('x', [1, 1, 2, 2])])
    expect(batch?.feeds.get('x')).toMatchObject({ dtype: 'float32', shape: [1, 1, 2, 2] })
    expect(values(batch, 'x')).toEqual([0, 1, 2, 3])
  })

  it('goes sample by sample with carried state, which starts at zero', async () => {
    const data = samples({ x: tensorOf('float32', [3, 2], ramp(6)) }, 3)
    const inputs = [input('x', ['?', '?']), input('state', [2, '?', 4])]
    const found = await batches(data, inputs, [{ output: 'next', input: 'state' }])
    expect(found.map(({ rows }) => rows)).toEqual([1, 1, 1])
    expect(found[0]?.feeds.get('state')?.shape).toEqual([2, 1, 4])
    expect(values(found[0], 'state')).toEqual(ramp(8).fill(0))
  })

  it('converts where nothing is lost, and says so', async () => {
    const data = samples({ ids: tensorOf('int32', [2, 2], [1, -2, 3, 4]) }, 2)
    const prepared = arrayData(data, { inputs: [input('ids', ['n', 2], 'int64')] }, [])
    expect(prepared.notes[0]?.text).toContain('holds int32 and was converted to int64')
    expect([...asNumbers((await prepared.single()).get('ids') as Tensor)]).toEqual([1, -2])
  })

  it.each([
    [
      'no array for input "x". The model takes: x float32[n, 2]. The data has: y float32[1, 2]',
      { y: tensorOf('float32', [1, 2], [0, 1]) },
      ['n', 2],
      'float32',
    ],
    [
      'takes samples of shape [3], but the array has samples of shape [2]',
      { x: tensorOf('float32', [1, 2], [0, 1]) },
      ['n', 3],
      'float32',
    ],
    ['takes int64 values, but the array holds float32', { x: tensorOf('float32', [1, 2], [0, 1]) }, ['n', 2], 'int64'],
  ] as const)('refuses data that does not fit: %s', (message, arrays, shape, dtype) => {
    const prepare = () =>
      arrayData(samples(arrays as unknown as Record<string, Tensor>, 1), { inputs: [input('x', shape, dtype)] }, [])
    expect(prepare).toThrow(message)
  })

  it('refuses whole numbers that the input cannot hold', async () => {
    const data = samples({ x: tensorOf('int64', [1, 1], [300]) }, 1)
    await expect(batches(data, [input('x', ['n', 1], 'uint8')])).rejects.toThrow(
      'takes uint8, from 0 to 255, but the data holds 300',
    )
  })
})

describe('feedsFor', () => {
  it('converts inputs that became float16', () => {
    const feeds = new Map([['x', tensorOf('float32', [2], [1.5, -2])]])
    expect(feedsFor(feeds, [input('x', [2])])).toBe(feeds)
    const half = feedsFor(feeds, [input('x', [2], 'float16')]).get('x') as Tensor
    expect(half.dtype).toBe('float16')
    expect([...asNumbers(half)]).toEqual([1.5, -2])
  })
})

describe('keepingBatches', () => {
  it.each([0, 20, 1000])('gives the same batches every time when %d bytes may be kept', async (cap) => {
    const data = arrayData(
      samples({ x: tensorOf('float32', [5, 2], ramp(10)) }, 5),
      { inputs: [input('x', ['n', 2])] },
      [],
      2,
    )
    let made = 0
    const counted = {
      ...data,
      async *batches() {
        for await (const batch of data.batches()) {
          made++
          yield batch
        }
      },
    }
    const kept = keepingBatches(counted, cap)
    for (let pass = 0; pass < 3; pass++) {
      const starts: number[] = []
      for await (const batch of kept.batches()) starts.push(batch.start)
      expect(starts).toEqual([0, 2, 4])
    }
    expect(made).toBe(cap === 1000 ? 3 : 9)
  })
})
