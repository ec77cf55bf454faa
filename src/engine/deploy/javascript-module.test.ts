import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { memorySource } from '../../core/bytes'
import { Random } from '../../core/random'
import { asFloat32, type Tensor } from '../../core/tensor'
import { readTable } from '../../formats/csv/read-table'
import { npz } from '../../formats/npy/npz'
import { onnx } from '../../formats/onnx/onnx'
import type { Model } from '../../graph/model'
import { buildModel, node, tensorOf } from '../../testing/build-model'
import { modelBytes } from '../../testing/model-bytes'
import { nodeFileSet, nodeSampleFiles } from '../../testing/node-files'
import { testRuntime } from '../../testing/runtime'
import { fitEncoder } from '../data/table/encoder'
import { guessPlan } from '../data/table/plan'
import { encodingOf } from '../data/table/preprocessing'
import { rawInputs } from '../data/table/raw-inputs'
import { writeJavaScriptModule } from './javascript-module'
import { importModule } from './module-kit'

const random = new Random(3)
const floats = (shape: readonly number[], scale = 1): Tensor =>
  tensorOf(
    'float32',
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(scale * random.normal())),
  )

/** A network of dense layers with these widths. */
function perceptron(widths: readonly number[], batch: string | number = 'batch'): Model {
  const layers = widths.slice(1).map((width, i) => [i, width, widths[i] as number] as const)
  const last = layers.length - 1
  return buildModel({
    opset: 21,
    irVersion: 10,
    inputs: { features: ['float32', [batch, widths[0] as number]] },
    outputs: { logits: ['float32', [batch, widths.at(-1) as number]] },
    initializers: Object.fromEntries(
      layers.flatMap(([i, width, before]) => [
        [`w${i}`, stored(floats([width, before], 0.4))],
        [`b${i}`, stored(floats([width], 0.1))],
      ]),
    ),
    nodes: layers.flatMap(([i]) => [
      node('Gemm', `${i === 0 ? 'features' : `h${i - 1}`} w${i} b${i}`, i === last ? 'logits' : `g${i}`, { transB: 1 }),
      ...(i === last ? [] : [node('Relu', `g${i}`, `h${i}`)]),
    ]),
  })
}

const stored = ({ dtype, shape, data }: Tensor) => ({
  ...{ dtype, shape },
  data: { sizeBytes: data.length, read: async (at: number, count: number) => data.slice(at, at + count) },
})

async function runtimeOutput(model: Model, feeds: ReadonlyMap<string, Tensor>): Promise<Float32Array> {
  const session = await (await testRuntime()).open(await modelBytes(model))
  const { outputs } = await session.run(feeds)
  await session.release()
  return asFloat32([...outputs.values()][0]!)
}

/** What the compiler says of a program that imports a module, with the lines. */
async function typeProblems(module: string, program: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plume-types-'))
  try {
    await writeFile(join(folder, 'module.mjs'), module)
    const file = join(folder, 'program.mts')
    await writeFile(file, `import { load, columns, classes } from './module.mjs'\n${program}\n`)
    const compiled = ts.createProgram([file], {
      ...{
        allowJs: true,
        checkJs: true,
        strict: true,
        noEmit: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: true,
      },
      ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], types: [] },
    })
    return ts.getPreEmitDiagnostics(compiled).map(({ messageText, file: source, start = 0 }) => {
      const line = source ? source.getLineAndCharacterOfPosition(start).line + 1 : 0
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)

describe('samples of the page', () => {
  let image: Tensor
  beforeAll(async () => {
    const samples = await npz.read(await nodeSampleFiles('public/samples/shapes-test.npz'))
    if (samples.kind !== 'arrays') throw new Error('arrays are expected')
    image = samples.arrays.get('image')!
  })

  it.each(['shapes.onnx', 'shapes-int8.onnx'])('%s predicts what onnxruntime predicts', async (file) => {
    const model = await onnx.read(await nodeFileSet(`public/samples/${file}`))
    const text = await writeJavaScriptModule(model, { name: file })
    const { predict } = await (await importModule(text)).load()
    const pixels = asFloat32(image)
    const [count = 0, size] = [image.shape[0], pixels.length / (image.shape[0] as number)]
    const rows = Array.from({ length: count }, (_, i) => pixels.subarray(i * size, (i + 1) * size))
    const expected = await runtimeOutput(model, new Map([['image', image]]))
    const found = (predict(rows) as number[][]).flat()
    expect(found.length).toBe(expected.length)
    expect(largest(found, expected)).toBeLessThan(1e-4)
    // one by one as in batches
    expect(predict(rows.slice(70, 71))).toEqual((predict(rows) as number[][]).slice(70, 71))
  })
})

const TABLE = `id,size,kind,colour,weight,label
1,1.5,oak,red,10,small
2,-2,"elm, old",red,,large
3,,oak,blue,12.5,small
4,4,ash,blue,9,large
5,3.25,oak,,11,small
6,-7.25,"elm, old",red,8,large
7,0.5,ash,red,30,small
8,2,oak,blue,,large
`

describe('a table with texts and missing values', () => {
  async function prepare() {
    const table = await readTable(memorySource(new TextEncoder().encode(TABLE)), 'trees.csv')
    const { plan } = guessPlan(table, {
      target: 'label',
      roles: { id: 'ignored', kind: 'category', colour: 'category' },
    })
    const rows = Int32Array.from({ length: table.rows }, (_, row) => row)
    const encoder = fitEncoder(table, plan, rows.subarray(0, 6))
    const model = encoder.attach(perceptron([encoder.width, 7, 2]))
    const expected = await runtimeOutput(model, rawInputs(table, encodingOf(model)!, rows))
    return { model, expected }
  }
  const cells = TABLE.trim()
    .split('\n')
    .slice(1)
    .map((line) => line.replace('"elm, old"', 'elm').split(','))
    .map(([, size, kind, colour, weight]) => ({ size, kind: kind === 'elm' ? 'elm, old' : kind, colour, weight }))

  it('takes raw rows and gives classes', async () => {
    const { model, expected } = await prepare()
    const module = await importModule(await writeJavaScriptModule(model, { name: 'trees */ of\nmine' }))
    expect(module.columns).toEqual(['size', 'weight', 'kind', 'colour'])
    expect(module.classes).toEqual(['large', 'small'])
    const { predict } = await module.load()
    const found = predict(cells) as { label: string; probability: number; probabilities: number[] }[]
    found.forEach(({ label, probability, probabilities }, row) => {
      const [a, b] = [expected[2 * row] as number, expected[2 * row + 1] as number]
      const second = 1 / (1 + Math.exp(a - b))
      expect(probabilities[1]).toBeCloseTo(second, 5)
      expect(label).toBe(second > 0.5 ? 'small' : 'large')
      expect(probability).toBe(Math.max(...probabilities))
    })
    const asLists = cells.map(({ size, weight, kind, colour }) => [size, weight, kind, colour])
    expect(predict(asLists)).toEqual(found)
    expect(predict([{}])).toEqual(predict([{ size: null, kind: 'never met', colour: undefined }]))
  })

  it('has types that hold in strict programs', async () => {
    const { model } = await prepare()
    const problems = await typeProblems(
      await writeJavaScriptModule(model, { name: 'trees' }),
      [
        `const { predict } = await load()`,
        `const label: string = predict([{ size: 1.5, kind: 'oak', weight: null }, [1, 2, 'oak', 'red']])[0]!.label`,
        `const names: string[] = [label, ...columns, ...classes]`,
        `predict([{ size: names }])`,
        `predict([3])`,
      ].join('\n'),
    )
    expect(problems).toEqual([
      expect.stringMatching(/^5: Type 'string\[\]' is not assignable/),
      expect.stringMatching(/^6: Type 'number' is not assignable/),
    ])
  })

  it('says what is wrong with a cell', async () => {
    const { model } = await prepare()
    const { predict } = await (await importModule(await writeJavaScriptModule(model, { name: 'trees' }))).load()
    expect(() => predict([cells[0], { ...cells[1], size: 'tall' }])).toThrow(
      'Row 1: "tall" in the column size is not a number.',
    )
    expect(() => predict([3])).toThrow('Row 0 is no list and no object.')
  })

  it('needs to know the columns of texts', async () => {
    const { model } = await prepare()
    model.metadata.clear()
    await expect(writeJavaScriptModule(model, { name: 'trees' })).rejects.toThrow(
      'The model takes texts, and nothing says which column of a table they come from.',
    )
  })
})

describe('networks without metadata', () => {
  it('of the size of a table with 30 columns stay below 40 kB', async () => {
    const text = await writeJavaScriptModule(perceptron([30, 64, 32, 2]), { name: 'cells', classes: ['B', 'M'] })
    expect(text.length).toBeLessThan(40_000)
  })

  it('of a fixed batch of one sample take any number of rows', async () => {
    const text = await writeJavaScriptModule(perceptron([3, 5, 1], 1), { name: 'one' })
    const module = await importModule(text)
    const { predict } = await module.load()
    expect(await module.load()).toBe(await module.load())
    const rows = [
      [1, 2, 3],
      [0.5, -1, 2],
    ]
    expect(predict(rows)).toEqual([...predict(rows.slice(0, 1)), ...predict(rows.slice(1))])
    expect(typeof predict(rows)[0]).toBe('number')
    expect(() => predict([[1, 2]])).toThrow('Sample 0: features should be 3 numbers and has 2.')
  })

  it('with two inputs and outputs take and give objects', async () => {
    const model = buildModel({
      inputs: { a: ['float32', ['n', 2]], b: ['float32', ['n', 1]] },
      outputs: { sum: ['float32', ['n', 2]], top: ['int64', ['n']] },
      nodes: [node('Add', 'a b', 'sum'), node('ArgMax', 'sum', 'top', { axis: 1, keepdims: 0 })],
    })
    const { predict } = await (await importModule(await writeJavaScriptModule(model, { name: 'two' }))).load()
    expect(
      predict([
        { a: [1, 4], b: [2] },
        { a: [3, -1], b: Float32Array.of(0.5) },
      ]),
    ).toEqual([
      { sum: [3, 6], top: 1 },
      { sum: [3.5, -0.5], top: 0 },
    ])
  })
})

describe('what a module cannot be', () => {
  const refused = async (model: Model) => writeJavaScriptModule(model, { name: 'refused' })

  it('names an operator that it cannot compute', async () => {
    const model = buildModel({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['float32', ['n', 2]], i: ['int64', ['n', 2]] },
      initializers: { k: stored(tensorOf('int64', [1], [2])) },
      nodes: [node('TopK', 'x k', 'y i', {}, 'best')],
    })
    await expect(refused(model)).rejects.toThrow('TopK "best": a JavaScript module cannot compute it.')
  })

  it('has fixed shapes', async () => {
    const model = buildModel({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['int64', [2, 'found']] },
      nodes: [node('NonZero', 'x', 'y', {}, 'found')],
    })
    await expect(refused(model)).rejects.toThrow('NonZero "found": the shape of y depends on values')
  })

  it.each([
    [['n', 'words'], 'The input x has an axis of open size (words)'],
    [[8, 4], 'The inputs have 8 samples; a JavaScript module needs an open number, or 1.'],
    [[], 'The input x has no axis of samples'],
  ] as const)('takes samples: %j', async (shape, message) => {
    const model = buildModel({
      inputs: { x: ['float32', shape] },
      outputs: { y: ['float32', shape] },
      nodes: [node('Relu', 'x', 'y')],
    })
    await expect(refused(model)).rejects.toThrow(message)
  })

  it('gives samples', async () => {
    const model = buildModel({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['float32', [1, 4]] },
      nodes: [node('ReduceSum', 'x axis', 'y')],
      initializers: { axis: stored(tensorOf('int64', [1], [0])) },
    })
    await expect(refused(model)).rejects.toThrow('The output y has no axis of samples')
  })

  it('does the same for every size of the batch', async () => {
    const model = buildModel({
      inputs: { x: ['float32', ['n', 4]] },
      outputs: { y: ['float32', ['n', 'n']] },
      nodes: [node('Transpose', 'x', 't'), node('MatMul', 'x t', 'y')],
    })
    await expect(refused(model)).rejects.toThrow('does not grow evenly with the batch')
  })
})
