import { describe, expect, it } from 'vitest'
import { Random } from '../core/random'
import { asNumbers } from '../core/tensor'
import type { Model } from '../graph/model'
import type { Session, ValueSignature } from '../runtime/runtime'
import { RuntimeFailure } from '../core/errors'
import { buildGraph, buildModel, f32, i64, node } from '../testing/build-model'
import { float32Tensor } from '../core/tensor'
import { inputRoles } from './input-roles'
import { openSizes } from './shapes'
import { floats, syntheticData } from './synthetic'
import type { Batch } from './data'

/** Stands for onnxruntime where only shapes matter: refuses what `accepts` refuses, and gives one number. */
function session(
  inputs: ValueSignature[],
  accepts: (shapes: Record<string, readonly number[]>) => boolean = () => true,
) {
  const seen: Record<string, readonly number[]>[] = []
  const fake: Session = {
    inputs,
    outputs: [{ name: 'y', dtype: 'float32', shape: [null, 1] }],
    async run(feeds) {
      const shapes = Object.fromEntries([...feeds].map(([name, value]) => [name, value.shape]))
      seen.push(shapes)
      if (!accepts(shapes)) throw new RuntimeFailure(`refused ${JSON.stringify(shapes)}`)
      return { outputs: new Map([['y', float32Tensor([1, 1], new Float32Array(1))]]), ms: 0 }
    },
    release: async () => undefined,
  }
  return { fake, seen }
}

async function batchesOf(model: Model, fake: Session, seed = 1): Promise<Batch[]> {
  const data = await syntheticData(model, fake, { seed })
  const batches: Batch[] = []
  for await (const batch of data.batches()) batches.push(batch)
  return batches
}

const values = (batch: Batch | undefined, name: string) => {
  const found = batch?.feeds.get(name)
  return found ? [...asNumbers(found)] : []
}

/** y = If(sr == 16000) 1 else 0, the comparison's constant in a Constant node. */
const branching = buildModel({
  inputs: { x: ['float32', ['batch', 'seq']], sr: ['int64', []] },
  outputs: { y: ['float32', [1]] },
  nodes: [
    node('Constant', '', 'c', { value: { tensor: i64([], [16000]) } }),
    node('Equal', 'sr c', 'is16', {}),
    node('If', 'is16', 'y', {
      then_branch: buildGraph({ outputs: { a: ['float32', [1]] }, nodes: [node('Identity', 'one', 'a')] }),
      else_branch: buildGraph({ outputs: { b: ['float32', [1]] }, nodes: [node('Identity', 'zero', 'b')] }),
    }),
  ],
  initializers: { one: f32([1], [1]), zero: f32([1], [0]) },
})

/** Token ids look up a table of 7 rows, through a Cast, inside a sub-graph. */
const embedding = buildModel({
  inputs: { ids: ['int32', ['batch', 'seq']], flag: ['bool', []] },
  outputs: { y: ['float32', ['batch', 'seq', 3]] },
  nodes: [
    node('Cast', 'ids', 'wide', { to: 7 }),
    node('If', 'flag', 'y', {
      then_branch: buildGraph({ outputs: { a: ['float32', []] }, nodes: [node('Gather', 'table wide', 'a')] }),
      else_branch: buildGraph({
        outputs: { b: ['float32', []] },
        nodes: [node('Gather', 'table wide', 'g'), node('Neg', 'g', 'b')],
      }),
    }),
  ],
  initializers: {
    table: f32(
      [7, 3],
      Array.from({ length: 21 }, (_, i) => i - 4),
    ),
  },
})

describe('inputRoles', () => {
  it('finds constants that an input is compared with, and a value beside them', async () => {
    expect((await inputRoles(branching)).get('sr')).toEqual({ compared: [16000, 8000] })
  })

  it('finds the rows of a table that is indexed inside a sub-graph', async () => {
    expect((await inputRoles(embedding)).get('ids')).toEqual({ rows: 7, compared: [] })
  })

  it('takes the side of the comparison into account', async () => {
    const model = buildModel({
      inputs: { n: ['int64', []] },
      outputs: { a: ['bool', []], b: ['bool', []] },
      nodes: [node('Greater', 'n ten', 'a'), node('Less', 'five n', 'b')],
      initializers: { ten: i64([], [10]), five: i64([], [5]) },
    })
    // n > 10: 11 and 10; 5 < n is n > 5: 6 and 5
    expect((await inputRoles(model)).get('n')?.compared).toEqual([11, 10, 6, 5])
  })
})

describe('openSizes', () => {
  it('reads sizes by name and by place', () => {
    const inputs: ValueSignature[] = [
      { name: 'picture', dtype: 'float32', shape: ['N', 3, null, null] },
      { name: 'tokens', dtype: 'int64', shape: ['b', 'sequence_length'] },
      { name: 'state', dtype: 'float32', shape: [2, '?', 128] },
      { name: 'frames', dtype: 'float32', shape: [1, 'foo', 80] },
      { name: 'more', dtype: 'float32', shape: ['foo'] },
    ]
    expect([...openSizes(inputs).values()]).toEqual([
      ['batch', 3, 'side', 'side'],
      ['batch', 'length'],
      [2, 'batch', 128],
      [1, 'length', 80],
      ['length'],
    ])
  })
})

describe('syntheticData', () => {
  const inputs: ValueSignature[] = [
    { name: 'x', dtype: 'float32', shape: ['batch', 'seq'] },
    { name: 'sr', dtype: 'int64', shape: [] },
  ]

  it('lets both branches run, in turn', async () => {
    const batches = await batchesOf(branching, session(inputs).fake)
    expect(batches.slice(0, 3).map((batch) => values(batch, 'sr'))).toEqual([[16000], [8000], [16000]])
    expect(batches.at(-1)?.start).toBe(batches.length - 1)
  })

  it('gives the same values for the same seed, others for another', async () => {
    const { fake } = session(inputs)
    const [first, again, other] = [
      await batchesOf(branching, fake),
      await batchesOf(branching, fake),
      await batchesOf(branching, fake, 2),
    ]
    expect(values(first[0], 'x')).toEqual(values(again[0], 'x'))
    expect(values(first[0], 'x')).not.toEqual(values(other[0], 'x'))
    expect(values(first[0], 'x')).not.toEqual(values(first[2], 'x'))
  })

  it('refuses to make up inputs that fill the memory', async () => {
    const { fake, seen } = session([{ name: 'x', dtype: 'float32', shape: [2 ** 26, 64] }])
    await expect(syntheticData(embedding, fake, { seed: 1 })).rejects.toThrow(
      /^The inputs have 4294967296 values for one run \(input "x" is 67108864×64\), and Plume makes up at most/,
    )
    expect(seen).toEqual([])
  })

  it('tries other lengths when onnxruntime refuses the first', async () => {
    const { fake, seen } = session(inputs, ({ x }) => x?.[1] === 128)
    const [batch] = await batchesOf(branching, fake)
    expect(batch?.feeds.get('x')?.shape).toEqual([1, 128])
    expect(seen[0]?.['x']).toEqual([1, 16])
  })

  it('hands on the first refusal when nothing runs', async () => {
    const { fake } = session(inputs, () => false)
    await expect(batchesOf(branching, fake)).rejects.toThrow('refused {"x":[1,16],"sr":[]}')
  })

  it('says which case could not run', async () => {
    const { fake } = session(inputs)
    const run = fake.run
    const picky: Session = {
      ...fake,
      run: async (feeds) => {
        if (asNumbers(feeds.get('sr')!)[0] === 8000) throw new RuntimeFailure('no')
        return run(feeds)
      },
    }
    const data = await syntheticData(branching, picky, { seed: 1 })
    expect(data.notes.map((note) => note.text).join()).toContain('sr = 8000')
  })

  it('keeps tokens below the table and takes both values of a flag', async () => {
    const { fake } = session([
      { name: 'ids', dtype: 'int32', shape: ['batch', 'seq'] },
      { name: 'flag', dtype: 'bool', shape: [] },
    ])
    const batches = await batchesOf(embedding, fake)
    const ids = batches.flatMap((batch) => values(batch, 'ids'))
    expect(new Set(ids)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]))
    expect(batches.slice(0, 2).map((batch) => values(batch, 'flag'))).toEqual([[1], [0]])
  })

  it('runs a large fixed batch once', async () => {
    const model = buildModel({ inputs: { x: ['float32', [200_000, 16]] }, outputs: { y: ['float32', [1]] }, nodes: [] })
    const { fake, seen } = session([{ name: 'x', dtype: 'float32', shape: [200_000, 16] }])
    const fixed: Session = { ...fake, outputs: [{ name: 'y', dtype: 'float32', shape: [200_000, 5] }] }
    const data = await syntheticData(model, fixed, { seed: 1 })
    expect([data.count, seen.length]).toEqual([200_000, 0])
    const batches = []
    for await (const batch of data.batches()) batches.push(batch)
    expect(batches).toHaveLength(1)
  })

  it('refuses to make up strings', async () => {
    const { fake } = session([{ name: 's', dtype: 'string', shape: [1] }])
    await expect(batchesOf(branching, fake)).rejects.toThrow('Input "s" takes string values')
  })
})

describe('floats', () => {
  it('are spread, smooth along rows, and neither all-normal nor degenerate', () => {
    const random = new Random(7)
    const all = Array.from({ length: 40 }, () => floats(random, [3, 33, 35])).map((picture) => {
      const mean = picture.reduce((sum, x) => sum + x, 0) / picture.length
      const variance = picture.reduce((sum, x) => sum + (x - mean) ** 2, 0) / picture.length
      const step = picture.slice(1).reduce((sum, x, i) => sum + (x - (picture[i] as number)) ** 2, 0) / picture.length
      return { mean, deviation: Math.sqrt(variance), roughness: step / (2 * variance) }
    })
    for (const { mean, deviation, roughness } of all) {
      expect(Math.abs(mean)).toBeLessThan(1)
      expect(deviation).toBeGreaterThan(0.2)
      expect(deviation).toBeLessThan(2)
      // 1 for independent values
      expect(roughness).toBeLessThan(0.8)
      expect(roughness).toBeGreaterThan(0.1)
    }
    const means = all.map(({ mean }) => mean)
    expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(0.3)
  })
})
