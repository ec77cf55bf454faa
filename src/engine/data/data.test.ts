import { describe, expect, it } from 'vitest'
import { ShapeError } from '../../core/errors'
import { emptyArray, hostArray, toTensor } from '../../core/host-array'
import { Random } from '../../core/random'
import type { Samples } from '../../formats/format'
import { augmented, type Augmentation } from './augment'
import type { Dataset } from './dataset'
import { arrayDataset, samplesDataset } from './from-samples'
import { DataLoader, type LoaderOptions } from './loader'

const seven = arrayDataset(
  new Map([
    [
      'features',
      hostArray(
        'float32',
        [7, 2],
        Array.from({ length: 14 }, (_, i) => i),
      ),
    ],
    ['target', hostArray('int64', [7], [0, 1, 2, 3, 4, 5, 6])],
  ]),
)

async function epochOf(data: Dataset, options: LoaderOptions, epoch = 0) {
  const seen: number[][] = []
  for await (const { size, fields } of new DataLoader(data, options).epoch(epoch)) {
    const targets = Array.from(fields.get('target')?.values as BigInt64Array, Number)
    const features = [...(fields.get('features')?.values as Float32Array)]
    expect(features).toEqual(targets.flatMap((target) => [2 * target, 2 * target + 1]))
    expect(targets).toHaveLength(size)
    seen.push(targets)
  }
  return seen
}

describe('DataLoader', () => {
  it('gives batches in order, the last one short or left out', async () => {
    expect(await epochOf(seven, { batchSize: 3 })).toEqual([[0, 1, 2], [3, 4, 5], [6]])
    expect(await epochOf(seven, { batchSize: 3, dropLast: true, ahead: 0 })).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect([
      new DataLoader(seven, { batchSize: 3 }).length,
      new DataLoader(seven, { batchSize: 3, dropLast: true }).length,
    ]).toEqual([3, 2])
  })

  it('shuffles by the seed and the epoch alone', async () => {
    const options = { batchSize: 4, shuffle: true, seed: 5 }
    const first = (await epochOf(seven, options, 3)).flat()
    expect(first.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(first).not.toEqual([0, 1, 2, 3, 4, 5, 6])
    expect((await epochOf(seven, { ...options, ahead: 5 }, 3)).flat()).toEqual(first)
    expect((await epochOf(seven, options, 4)).flat()).not.toEqual(first)
    expect((await epochOf(seven, { ...options, seed: 6 }, 3)).flat()).not.toEqual(first)
  })

  it('reads ahead, and a failure is met when it is its turn', async () => {
    const asked: number[] = []
    const slow: Dataset = {
      ...seven,
      async read(indices, into) {
        asked.push(indices[0] as number)
        if (indices[0] === 4) throw new ShapeError('unreadable')
        await seven.read(indices, into)
      },
    }
    const epoch = new DataLoader(slow, { batchSize: 2, ahead: 1 }).epoch(0)
    await epoch.next()
    expect(asked).toEqual([0, 2])
    expect((await epoch.next()).value?.size).toBe(2)
    await expect(epoch.next()).rejects.toThrow('unreadable')
  })

  it('stops when it is told to, and refuses odd sizes', async () => {
    const epoch = new DataLoader(seven, { batchSize: 2, signal: AbortSignal.abort() }).epoch(0)
    await expect(epoch.next()).rejects.toThrow('Cancelled')
    for (const batchSize of [0, 1.5, NaN]) {
      expect(() => new DataLoader(seven, { batchSize })).toThrow(
        `A batch size is a whole number from 1 on, not ${batchSize}.`,
      )
    }
  })
})

describe('data sets', () => {
  it('of arrays need the same count', () => {
    const arrays = new Map([
      ['a', hostArray('float32', [2], [1, 2])],
      ['b', hostArray('float32', [3], [1, 2, 3])],
    ])
    expect(() => arrayDataset(arrays)).toThrow('b holds 3 samples, but a holds 2.')
  })

  it('of samples: arrays with labels and chosen rows', async () => {
    const samples: Samples = {
      ...{ kind: 'arrays', name: 's', sha256: '', count: 3, notes: [], rows: [2, 0] },
      arrays: new Map([['', toTensor(hostArray('float32', [3, 2], [1, 2, 3, 4, 5, 6]))]]),
      labels: { shape: [], values: Int32Array.of(7, 8, 9) },
    }
    const data = await samplesDataset(samples)
    const into = new Map([
      ['features', emptyArray('float32', [2, 2])],
      ['target', emptyArray('int64', [2])],
    ])
    await data.read([1, 0], into)
    expect([data.length, [...into.get('features')!.values], [...into.get('target')!.values]]).toEqual([
      2,
      [1, 2, 5, 6],
      [7n, 9n],
    ])
  })

  it('of samples: pictures, channels first, from 0 to 1', async () => {
    const samples: Samples = {
      ...{ kind: 'pictures', name: 'p', sha256: '', count: 2, notes: [] },
      labels: { shape: [], values: Int32Array.of(1, 0) },
      read: async (index) => ({
        width: 2 - (index >> 1),
        height: 1,
        channels: 3,
        pixels: Uint8Array.of(0, 51, 255, index, 0, 255),
      }),
    }
    const data = await samplesDataset(samples)
    const into = new Map([
      ['features', emptyArray('float32', [1, 3, 1, 2])],
      ['target', emptyArray('int64', [1])],
    ])
    await data.read([1], into)
    expect([...into.get('features')!.values]).toEqual([0, 1 / 255, 0.2, 0, 1, 1].map(Math.fround))
    expect(into.get('target')!.values[0]).toBe(0n)
    await expect(data.read([2], into)).rejects.toThrow(
      'A picture is 1 × 1 pixels of 3 channels, but the first 2 × 1 of 3.',
    )
  })
})

describe('augmentation', () => {
  const [height, width] = [5, 7]
  /** Two channels, asymmetric. */
  const picture = Float32Array.from({ length: 2 * height * width }, (_, i) => Math.fround(Math.sqrt(i) - 3))
  const data = arrayDataset(
    new Map([['features', { dtype: 'float32', shape: [1, 2, height, width], values: picture }]]),
  )

  function read(kinds: readonly Augmentation[], seed: number | undefined, count = 1): Float32Array {
    const into = emptyArray('float32', [count, 2, height, width])
    const reading = augmented(data, kinds).read(
      new Uint8Array(count),
      new Map([['features', into]]),
      seed === undefined ? undefined : new Random(seed),
    )
    expect(reading).toBeUndefined()
    return into.values as Float32Array
  }

  it('changes nothing without random numbers, and the same with the same ones', () => {
    const all: Augmentation[] = ['flip', 'crop', 'rotate', 'jitter']
    expect([...read(all, undefined)]).toEqual([...picture])
    expect([...read(all, 3)]).toEqual([...read(all, 3)])
    expect([...read(all, 3)]).not.toEqual([...read(all, 4)])
    expect(augmented(data, [])).toBe(data)
  })

  it('flips left and right, half of the pictures', () => {
    const many = read(['flip'], 1, 400)
    const flipped = picture.map((_, i) => picture[i - (i % width) + width - 1 - (i % width)] as number)
    let flips = 0
    for (let i = 0; i < 400; i++) {
      const one = many.subarray(i * picture.length, (i + 1) * picture.length)
      const isFlipped = one[0] === flipped[0]
      expect([...one]).toEqual([...(isFlipped ? flipped : picture)])
      if (isFlipped) flips++
    }
    expect(Math.abs(flips - 200)).toBeLessThan(50)
  })

  it('moves crops by at most an eighth of a side, with zeros from outside', () => {
    const moves = new Set<string>()
    for (let seed = 0; seed < 60; seed++) {
      const found = read(['crop'], seed)
      const shifts = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const))
      const fits = shifts.filter(([down, right]) =>
        found.every((value, i) => {
          const [y, x] = [(Math.floor(i / width) % height) - down, (i % width) - right]
          const isInside = y >= 0 && y < height && x >= 0 && x < width
          return value === (isInside ? picture[i - down * width - right] : 0)
        }),
      )
      expect(fits).toHaveLength(1)
      moves.add(String(fits[0]))
    }
    expect(moves.size).toBe(9)
  })

  it('turns around the middle: a line stays a line', () => {
    // x is linear in a plane, so bilinear weights are exact; 0 is outside
    const slope = Float32Array.from({ length: 81 }, (_, i) => (i % 9) - 4 + 100)
    const plane = arrayDataset(new Map([['features', { dtype: 'float32', shape: [1, 1, 9, 9], values: slope }]]))
    const into = emptyArray('float32', [1, 1, 9, 9])
    void augmented(plane, ['rotate'], { angle: 30 }).read([0], new Map([['features', into]]), new Random(2))
    const angle = ((2 * new Random(2).uniform() - 1) * 30 * Math.PI) / 180
    const at = (y: number, x: number) => into.values[y * 9 + x] as number
    expect(at(4, 4)).toBeCloseTo(100, 4)
    expect(at(4, 6)).toBeCloseTo(100 + 2 * Math.cos(angle), 4)
    expect(at(6, 4)).toBeCloseTo(100 - 2 * Math.sin(angle), 4)
  })

  it('jitters brightness and contrast around the mean', () => {
    const found = read(['jitter'], 9)
    const random = new Random(9)
    const [contrast, brightness] = [0.2 * (2 * random.uniform() - 1), 0.2 * (2 * random.uniform() - 1)]
    const mean = picture.reduce((sum, value) => sum + value, 0) / picture.length
    const deviation = Math.sqrt(picture.reduce((sum, value) => sum + (value - mean) ** 2, 0) / picture.length)
    found.forEach((value, i) =>
      expect(value).toBeCloseTo(((picture[i] as number) - mean) * (1 + contrast) + mean + brightness * deviation, 5),
    )
  })
})
