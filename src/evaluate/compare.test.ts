import { beforeAll, describe, expect, it } from 'vitest'
import { AbortError, RuntimeFailure } from '../core/errors'
import type { Progress } from '../core/progress'
import type { Samples } from '../formats/format'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Model } from '../graph/model'
import type { Runtime } from '../runtime/runtime'
import { buildGraph, buildModel, f32, node, tensorOf } from '../testing/build-model'
import { testRuntime } from '../testing/runtime'
import { compareModels, compareWith, evaluateModel, prepareReference } from './compare'

let runtime: Runtime
beforeAll(async () => {
  runtime = await testRuntime()
})

/** y = x · w, three features to two classes; the second class wins where 2·x1 > x0 + x2. */
function classifier(weights: readonly number[], options: { output?: string; shape?: (string | number)[] } = {}): Model {
  const output = options.output ?? 'y'
  return buildModel({
    inputs: { x: ['float32', options.shape ?? ['n', 3]] },
    outputs: { [output]: ['float32', [null, 2]] },
    nodes: [node('MatMul', 'x w', output)],
    initializers: { w: f32([3, 2], weights) },
  })
}

const WEIGHTS = [1, 0, 0, 2, 1, 0]
// Scores of the five samples: (1, 2) (5, 2) (3, 6) (1, 0) (4, 4): classes 1 0 1 0 0
const ROWS = [0.5, 1, 0.5, 4, 1, 1, 1, 3, 2, 0, 0, 1, 2, 2, 2]

function samples(labels?: number[]): Samples {
  return {
    kind: 'arrays',
    name: 'rows.npz',
    sha256: '',
    count: 5,
    notes: [],
    arrays: new Map([['x', tensorOf('float32', [5, 3], ROWS)]]),
    ...(labels && { labels: { shape: [], values: Int32Array.from(labels) } }),
  }
}

const data = (model: Model, labels?: number[]) => ({ kind: 'samples' as const, samples: samples(labels), model })

describe('compareModels', () => {
  it('calls a model identical to itself', async () => {
    const model = classifier(WEIGHTS)
    const bytes = await encodeOnnx(model)
    const { quality, speed, notes } = await compareModels(runtime, { original: bytes, result: bytes }, data(model))
    expect(quality).toMatchObject({ data: 'user', samples: 5, sqnrDb: null, cosine: 1, top1Agreement: 1 })
    expect(quality.outputs).toEqual([{ name: 'y', sqnrDb: null, cosine: 1, maxAbsError: 0, isIdentical: true }])
    expect(quality.providers).toMatchObject([{ name: 'wasm', maxAbsError: 0, cosine: 1, ok: true }])
    expect(speed[0]?.runs).toBeGreaterThanOrEqual(3)
    expect(speed[0]?.beforeMs).toBeGreaterThan(0)
    expect(notes).toEqual([])
  })

  it('gives the error, agreement and accuracy of a hand example', async () => {
    const model = classifier(WEIGHTS)
    // The second class now scores x1 instead of 2·x1: (1, 1) (5, 1) (3, 3) (1, 0) (4, 2): classes 0 0 0 0 0
    const result = await encodeOnnx(classifier([1, 0, 0, 1, 1, 0]))
    const original = await encodeOnnx(model)
    const given = data(model, [1, 0, 0, 0, 1])
    const { quality } = await compareModels(runtime, { original, result }, given, { measureSpeed: false })
    // Σx² = 1+4+25+4+9+36+1+0+16+16 = 112, Σe² = 1+1+9+0+4 = 15
    expect(quality.sqnrDb).toBeCloseTo(10 * Math.log10(112 / 15), 9)
    expect(quality.outputs[0]?.maxAbsError).toBe(3)
    expect(quality.top1Agreement).toBe(3 / 5)
    // labels 1 0 0 0 1: right before 1 0 · 0 ·, after · 0 0 0 ·
    expect(quality.task).toMatchObject({ metric: 'accuracy', before: 3 / 5, after: 3 / 5, drop: 0 })
    expect(quality.task?.ci95[0]).toBeLessThan(-0.3)
    expect(quality.task?.ci95[1]).toBeGreaterThan(0.3)
  })

  it('cuts off what a fixed batch computes beyond the data', async () => {
    const model = classifier(WEIGHTS, { shape: [3, 3] })
    const bytes = await encodeOnnx(model)
    const { quality } = await evaluateModel(runtime, bytes, data(model, [1, 0, 1, 0, 0]), { measureSpeed: false })
    expect(quality.task?.before).toBe(1)
    expect(quality.samples).toBe(5)
  })

  it('runs samples one by one where a model says any batch and means one', async () => {
    const model = buildModel({
      inputs: { x: ['float32', ['n', 3]] },
      outputs: { y: ['float32', [null, null]] },
      nodes: [node('Reshape', 'x one', 'row'), node('MatMul', 'row w', 'y')],
      initializers: { w: f32([3, 2], WEIGHTS), one: { ...tensorShape([1, 3]) } },
    })
    const { quality } = await evaluateModel(runtime, await encodeOnnx(model), data(model, [1, 0, 1, 0, 0]), {
      measureSpeed: false,
    })
    expect(quality.task?.before).toBe(1)
  })

  it.each([
    ['outputs', "outputs are not the original's: expected y, found z", classifier(WEIGHTS, { output: 'z' })],
    ['shapes', 'Output "y" of the result has shape [5, 3], but the original\'s has [5, 2]', wider()],
  ])('refuses a result with other %s', async (_, message, other) => {
    const model = classifier(WEIGHTS)
    const models = { original: await encodeOnnx(model), result: await encodeOnnx(other) }
    const comparing = compareModels(runtime, models, data(model))
    await expect(comparing).rejects.toThrow(message)
    await expect(comparing).rejects.toBeInstanceOf(RuntimeFailure)
  })

  it('refuses what onnxruntime refuses', async () => {
    const model = classifier(WEIGHTS)
    const broken = buildModel({
      inputs: { x: ['float32', ['n', 3]] },
      outputs: { y: ['float32', [null, 2]] },
      nodes: [node('NoSuchOperator', 'x', 'y', {}, 'odd')],
    })
    const models = { original: await encodeOnnx(model), result: await encodeOnnx(broken) }
    const comparing = compareModels(runtime, models, data(model))
    await expect(comparing).rejects.toMatchObject({
      name: 'RuntimeFailure',
      node: expect.stringMatching(/NoSuchOperator|odd/),
    })
  })

  it('warns first where the result is not finite', async () => {
    const model = classifier(WEIGHTS)
    const result = await encodeOnnx(classifier([1, 0, 0, Infinity, 1, 0]))
    const models = { original: await encodeOnnx(model), result }
    const { quality, notes } = await compareModels(runtime, models, data(model), { measureSpeed: false })
    expect(notes[0]?.severity).toBe('warning')
    expect(notes[0]?.text).toMatch(/Output "y": \d+ of 10 values differ in being finite/)
    expect(quality.sqnrDb).toBe(-300)
    expect(quality.providers[0]?.ok).toBe(false)
  })

  it('counts decisions at 0.5 that flip', async () => {
    const sigmoid = (bias: number) =>
      buildModel({
        inputs: { x: ['float32', ['n', 3]] },
        outputs: { p: ['float32', [null, 1]] },
        nodes: [node('MatMul', 'x w', 'z'), node('Add', 'z b', 's'), node('Sigmoid', 's', 'p')],
        initializers: { w: f32([3, 1], [0, 1, 0]), b: f32([1], [bias]) },
      })
    // x1: 1 1 3 0 2
    const models = { original: await encodeOnnx(sigmoid(-1.5)), result: await encodeOnnx(sigmoid(-0.5)) }
    const { quality } = await compareModels(runtime, models, data(sigmoid(-1.5)), { measureSpeed: false })
    expect(quality.outputs[0]?.decisionFlips).toBe(2)
  })

  it('carries state from sample to sample, in both models', async () => {
    // next = state / 2 + x
    const filter = buildModel({
      inputs: { x: ['float32', [1, 3]], state: ['float32', [1, 3]] },
      outputs: { y: ['float32', [1, 3]], next: ['float32', [1, 3]] },
      nodes: [node('Mul', 'state half', 'old'), node('Add', 'old x', 'next'), node('Identity', 'next', 'y')],
      initializers: { half: f32([1], [0.5]) },
    })
    const given = { ...data(filter), state: [{ output: 'next', input: 'state' }] }
    const reference = await prepareReference(runtime, await encodeOnnx(filter), given)
    const seen = reference.stored?.map((outputs) => [...new Float32Array(outputs.get('y')!.data.slice().buffer)])
    const expected: number[][] = []
    for (let i = 0; i < 5; i++) {
      expected.push([0, 1, 2].map((c) => ROWS[3 * i + c]! + 0.5 * (expected[i - 1]?.[c] ?? 0)))
    }
    expect(seen).toEqual(expected)
    await reference.release()
  })

  it('gives the same answer when outputs do not fit the memory', async () => {
    const model = classifier(WEIGHTS, { shape: [2, 3] })
    const original = await encodeOnnx(model)
    const result = await encodeOnnx(classifier([1, 0, 0, 1, 1, 0], { shape: [2, 3] }))
    const given = data(model, [1, 0, 0, 0, 1])
    const [roomy, tight] = await Promise.all(
      [2 ** 20, 20].map((storeBytes) =>
        compareModels(runtime, { original, result }, given, { storeBytes, measureSpeed: false }),
      ),
    )
    expect(tight?.quality).toEqual(roomy?.quality)
    const alone = await evaluateModel(runtime, original, given, { storeBytes: 20, measureSpeed: false })
    expect(alone.quality).toMatchObject({ sqnrDb: null, samples: 5 })
  })

  it('compares several results with one reference, and reports progress', async () => {
    const model = classifier(WEIGHTS)
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => void seen.push(progress)
    const reference = await prepareReference(runtime, await encodeOnnx(model), data(model), { onProgress })
    for (const scale of [1, 1.5]) {
      const result = await encodeOnnx(classifier(WEIGHTS.map((w) => w * scale)))
      const { quality } = await compareWith(reference, result, { onProgress, measureSpeed: false })
      expect(quality.sqnrDb).toBe(scale === 1 ? null : 10 * Math.log10(4))
    }
    expect(seen.at(-1)).toEqual({ stage: 'verify', item: 'result', done: 5, total: 5, unit: 'items' })
  })

  it('stops when it is cancelled', async () => {
    const model = classifier(WEIGHTS)
    const controller = new AbortController()
    controller.abort()
    const { signal } = controller
    await expect(prepareReference(runtime, await encodeOnnx(model), data(model), { signal })).rejects.toBeInstanceOf(
      AbortError,
    )
  })

  it('refuses a label that is no class', async () => {
    const model = classifier(WEIGHTS)
    const measured = evaluateModel(runtime, await encodeOnnx(model), data(model, [1, 0, 7, 0, 0]), {
      measureSpeed: false,
    })
    await expect(measured).rejects.toThrow('The data has the label 7, but output "y" has 2 classes, 0 to 1.')
  })

  it('makes up inputs, marks them, and reads the model where it was not given', async () => {
    const bytes = await encodeOnnx(classifier(WEIGHTS))
    const { quality, notes } = await evaluateModel(
      runtime,
      bytes,
      { kind: 'synthetic', seed: 3 },
      { measureSpeed: false },
    )
    expect(quality).toMatchObject({ data: 'synthetic', samples: 32, sqnrDb: null })
    expect(notes[0]?.text).toContain('32 made-up inputs')
  })

  it('runs both branches of an If on made-up inputs', async () => {
    const branching = (other: number) =>
      buildModel({
        inputs: { rate: ['int64', []], x: ['float32', ['n', 3]] },
        outputs: { y: ['float32', [null, null]] },
        nodes: [
          node('Equal', 'rate wanted', 'is'),
          node('If', 'is', 'y', {
            then_branch: buildGraph({ outputs: { a: ['float32', [null, null]] }, nodes: [node('Identity', 'x', 'a')] }),
            else_branch: buildGraph({
              outputs: { b: ['float32', [null, null]] },
              nodes: [node('Mul', 'x factor', 'b')],
            }),
          }),
        ],
        initializers: {
          wanted: { dtype: 'int64', shape: [], data: bytesOf(BigInt64Array.of(16000n)) },
          factor: f32([1], [other]),
        },
      })
    const models = { original: await encodeOnnx(branching(2)), result: await encodeOnnx(branching(3)) }
    const { quality } = await compareModels(runtime, models, { kind: 'synthetic', seed: 0 }, { measureSpeed: false })
    // Only the second branch differs; without it the models would look identical
    expect(quality.outputs[0]?.isIdentical).toBe(false)
  })
})

function wider(): Model {
  return buildModel({
    inputs: { x: ['float32', ['n', 3]] },
    outputs: { y: ['float32', [null, null]] },
    nodes: [node('Identity', 'x', 'y')],
  })
}

function bytesOf(values: BigInt64Array<ArrayBuffer>) {
  const bytes = new Uint8Array(values.buffer)
  return {
    sizeBytes: bytes.byteLength,
    read: async (offset: number, length: number) => bytes.slice(offset, offset + length),
  }
}

function tensorShape(sizes: number[]) {
  const data = bytesOf(BigInt64Array.from(sizes, BigInt))
  return { dtype: 'int64' as const, shape: [sizes.length], data }
}
