import { describe, expect, it } from 'vitest'
import { memorySource } from '../core/bytes'
import { asNumbers } from '../core/tensor'
import { fitEncoder } from '../engine/data/table/encoder'
import { guessPlan } from '../engine/data/table/plan'
import { openSamples, sampleFilesOf } from '../formats/samples'
import { buildModel, node } from '../testing/build-model'
import { tableInputs, type TableSamples } from './table-data'

const LINES = [
  'a,kind,b,y',
  ...Array.from({ length: 12 }, (_, i) => `${i},${i % 3 ? 'u' : 'v'},${i / 8},${i % 2 ? 'yes' : 'no'}`),
]

async function samplesOf(lines: readonly string[], target?: string): Promise<TableSamples> {
  const source = memorySource(new TextEncoder().encode(lines.join('\n')), 't.csv')
  const samples = await openSamples(
    sampleFilesOf('t.csv', new Map([['t.csv', source]])),
    target === undefined ? {} : { target },
  )
  if (samples.kind !== 'table') throw new Error('a table expected')
  return samples
}

const model = (width: number) =>
  buildModel({
    inputs: { x: ['float32', ['n', width]] },
    outputs: { y: ['float32', ['n', width]] },
    nodes: [node('Identity', 'x', 'y')],
  })
const x = (width: number) => [{ name: 'x', dtype: 'float32', shape: ['n', width] }] as const

describe('tables as inputs', () => {
  it('of a model that was trained on one: its columns, its classes', async () => {
    const samples = await samplesOf(LINES)
    const { plan } = guessPlan(samples.table, { target: 'y' })
    const trained = fitEncoder(samples.table, plan, [0, 1, 2, 3]).attach(model(4))
    const lines = LINES.map((line, i) => (i === 2 ? '1,u,0.125,' : line))
    const { arrays, labels, count } = tableInputs(await samplesOf(lines), [], trained)
    expect([count, [...arrays.keys()]]).toEqual([12, ['features', 'kind']])
    expect([...(labels?.values ?? [])]).toEqual([0, -1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    expect(arrays.get('kind')?.strings?.slice(0, 3)).toEqual(['v', 'u', 'u'])
    await expect(samplesOf([...LINES, '1,u,1,maybe']).then((bad) => tableInputs(bad, [], trained))).rejects.toThrow(
      't.csv: row 14 has "maybe" in column "y", which is none of the model\'s classes no, yes.',
    )
    await expect(
      samplesOf(['a,b,y', '1,2,no', '2,3,yes']).then((bad) => tableInputs(bad, [], trained)),
    ).rejects.toThrow('t.csv has no column "kind", which the model was trained with.')
  })

  it('of another model: all columns of numbers but the target', async () => {
    const { arrays, labels, notes } = tableInputs(await samplesOf(LINES, 'y'), x(2), model(2))
    expect([...asNumbers(arrays.get('x')!)].slice(0, 6)).toEqual([0, 0, 1, 0.125, 2, 0.25])
    expect([...(labels?.values ?? [])].slice(0, 3)).toEqual([0, 1, 0])
    expect(notes).toEqual(['t.csv: the classes of "y" are numbered by the alphabet: 0 = no, 1 = yes.'])
  })

  it('that do not fit are answered with the columns', async () => {
    const named = await samplesOf(LINES, 'y')
    expect(() => tableInputs(named, x(5), model(5))).toThrow(
      't.csv: the model takes 5 numbers a sample, but beside the target "y" the table has 2 columns of numbers: a, b.',
    )
    const unnamed = await samplesOf(LINES)
    expect(() => tableInputs(unnamed, x(5), model(5))).toThrow(
      /2 columns of numbers: a, b\. Name the column of the labels with --target/,
    )
    const two = [...x(2), { name: 'z', dtype: 'float32', shape: ['n', 2] }] as const
    expect(() => tableInputs(named, two, model(2))).toThrow(
      't.csv: the model has the inputs x, z, and the table no columns of these names. It has: a, kind, b, y.',
    )
  })
})
