import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../core/bytes'
import { emptyArray, fromTensor } from '../../../core/host-array'
import { asFloat32 } from '../../../core/tensor'
import { readTable } from '../../../formats/csv/read-table'
import { buildModel, node } from '../../../testing/build-model'
import { testMachines } from '../../../testing/machines'
import { modelBytes } from '../../../testing/model-bytes'
import { testRuntime } from '../../../testing/runtime'
import { hasSharedData, sharedPath } from '../../../testing/shared-data'
import { fitEncoder, type Encoder } from './encoder'
import { guessPlan, type PlanWishes } from './plan'
import { encodingOf } from './preprocessing'
import { rawInputs } from './raw-inputs'
import type { Table } from './table'

/** Gives what it gets, so that the encoding is seen. */
const identity = (width: number) =>
  buildModel({
    opset: 21,
    irVersion: 10,
    inputs: { features: ['float32', ['batch', width]] },
    outputs: { logits: ['float32', ['batch', width]] },
    nodes: [node('Identity', 'features', 'logits')],
  })

const all = (table: Table) => Int32Array.from({ length: table.rows }, (_, row) => row)

function encodedBy({ dataset, width }: Encoder, rows: Int32Array): Float32Array {
  const features = emptyArray('float32', [rows.length, width])
  void dataset(rows).read(
    rows.map((_, i) => i),
    new Map([['features', features]]),
  )
  return features.values as Float32Array
}

async function prepare(table: Table, wishes: PlanWishes = {}) {
  const { plan } = guessPlan(table, wishes)
  const rows = all(table)
  // Rows of the second half hold what was not seen
  const encoder = fitEncoder(table, plan, rows.subarray(0, Math.ceil(table.rows / 2)))
  const model = encoder.attach(identity(encoder.width))
  const feeds = rawInputs(table, encodingOf(model)!, rows)
  return { encoder, model, feeds, expected: encodedBy(encoder, rows) }
}

const TEXT = `a,kind,level,features,empty,y
1.5,x,1,u,,no
-2,y,2,v,,yes
NA,,3,u,,no
4e3,x,1,v,,yes
inf,z,9,u,,no
-7.25,y,2,new,,yes
`

const mixed = () => readTable(memorySource(new TextEncoder().encode(TEXT)), 'mixed.csv')
const MIXED: PlanWishes = { roles: { level: 'category', kind: 'category', features: 'category', a: 'number' } }

describe('the encoding as nodes of a model', () => {
  it('is by hand what it should be', async () => {
    const { encoder, expected } = await prepare(await mixed(), MIXED)
    // Training rows 0 to 2: a is 1.5, −2, missing: mean −0.25, deviation 1.75
    expect(encoder.encoding.numbers).toEqual([
      { feature: 0, shift: -0.25, scale: Math.fround(1 / 1.75), fill: 0, marksMissing: true },
    ])
    // a, a is missing, kind x y other, level 1 2 3, features u v
    expect([...expected.subarray(0, 10)]).toEqual([1, 0, 1, 0, 0, 1, 0, 0, 1, 0])
    expect([...expected.subarray(20, 30)]).toEqual([0, 1, 0, 0, 1, 0, 0, 1, 1, 0])
    expect([...expected.subarray(40, 50)]).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 1, 0])
  })

  it.each(testMachines())('gives the same numbers on $name', async ({ run }) => {
    const { model, feeds, expected } = await prepare(await mixed(), MIXED)
    const outputs = await run(model, new Map([...feeds].map(([name, tensor]) => [name, fromTensor(tensor)])))
    expect([...(outputs.get('logits')?.values ?? [])]).toEqual([...expected])
  })

  it('gives the same numbers in onnxruntime, where an input is called like a column of texts', async () => {
    const { model, feeds, expected } = await prepare(await mixed(), MIXED)
    expect([...feeds.keys()]).toEqual(['features', 'kind', 'features_1'])
    expect(await runtimeOutput(model, feeds)).toEqual([...expected])
  })
})

async function runtimeOutput(model: Parameters<typeof modelBytes>[0], feeds: ReturnType<typeof rawInputs>) {
  const session = await (await testRuntime()).open(await modelBytes(model))
  const { outputs } = await session.run(feeds)
  await session.release()
  return [...asFloat32(outputs.get('logits')!)]
}

describe.skipIf(!hasSharedData)('real tables in onnxruntime (needs ../shared/data)', () => {
  it.each([
    ['penguins', 'penguins.csv'],
    ['titanic', 'titanic.csv'],
    ['digits', 'optdigits.tes'],
  ])('%s', async (...parts) => {
    const name = parts.at(-1) as string
    const table = await readTable(memorySource(new Uint8Array(readFileSync(sharedPath(...parts))), name), name)
    const { model, feeds, expected } = await prepare(table)
    expect(await runtimeOutput(model, feeds)).toEqual([...expected])
  })
})
