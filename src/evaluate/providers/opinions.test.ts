import { beforeAll, describe, expect, it } from 'vitest'
import type { Machine } from '../../backends/machine'
import { AbortError } from '../../core/errors'
import type { Progress } from '../../core/progress'
import type { Samples } from '../../formats/format'
import { encodeOnnx } from '../../formats/onnx/encode'
import type { Model, Node } from '../../graph/model'
import type { Runtime } from '../../runtime/runtime'
import { buildModel, f32, node, tensorOf } from '../../testing/build-model'
import { planMachine } from '../../testing/plan-machine'
import { testRuntime } from '../../testing/runtime'
import { prepareReference, type EvaluationData } from '../compare'
import { engineProvider } from './engine-provider'
import { gatherOpinions, type OpinionOptions } from './opinions'

let runtime: Runtime
beforeAll(async () => {
  runtime = await testRuntime()
})

/** y = softmax(x · w), three features to two classes. */
function classifier(
  weights: readonly number[],
  nodes: readonly Node[] = [node('Softmax', 's', 'y')],
  first: number | string = 'n',
): Model {
  return buildModel({
    inputs: { x: ['float32', [first, 3]] },
    outputs: { y: ['float32', [first, 2]] },
    nodes: [node('MatMul', 'x w', 's'), ...nodes],
    initializers: { w: f32([3, 2], weights) },
  })
}

const WEIGHTS = [1, 0, 0, 2, 1, 0]
const ROWS = [0.5, 1, 0.5, 4, 1, 1, 1, 3, 2, 0, 0, 1, 2, 2, 2]
const samples: Samples = {
  kind: 'arrays',
  name: 'rows.npz',
  sha256: '',
  count: 5,
  notes: [],
  arrays: new Map([['x', tensorOf('float32', [5, 3], ROWS)]]),
}

type Options = OpinionOptions & { machine: Machine; data: EvaluationData; maxBytes: number }

async function opinion(original: Model, result: Model, more: Partial<Options> = {}) {
  const progress: Progress[] = []
  const data = more.data ?? { kind: 'samples', samples, model: original }
  const reference = await prepareReference(runtime, await encodeOnnx(original), data)
  const machine = more.machine ?? planMachine
  const options = {
    signal: new AbortController().signal,
    onProgress: (step: Progress) => void progress.push(step),
    ...more,
  }
  const provider = engineProvider({ openMachine: async () => machine }, more.maxBytes)
  const { providers, notes, speed } = await gatherOpinions(
    reference,
    { bytes: await encodeOnnx(result) },
    [provider],
    options,
  )
  return { provider: providers[0] ?? null, notes, speed, progress }
}

/** Computes as the naive machine does, and then shifts every result. */
const shifted = (by: number): Machine => ({
  ...planMachine,
  async open() {
    const session = await planMachine.open()
    return {
      memoryBytes: 0,
      release: (constants) => session.release(constants),
      dispose: () => session.dispose(),
      write: (states) => session.write(states),
      read: (states) => session.read(states),
      async load(program) {
        const loaded = await session.load(program)
        return {
          advance: (inputs) => loaded.advance(inputs),
          dispose: () => loaded.dispose(),
          async run(inputs, options) {
            const outputs = await loaded.run(inputs, options)
            for (const { values } of outputs) for (let i = 0; i < values.length; i++) (values as Float32Array)[i]! += by
            return outputs
          },
        }
      },
    }
  },
})

describe('our own engine as a further provider', () => {
  it('runs the samples and agrees with onnxruntime', async () => {
    const { provider, notes, speed, progress } = await opinion(classifier(WEIGHTS), classifier(WEIGHTS))
    expect(provider).toMatchObject({
      name: 'plume-plan',
      ok: true,
      samples: 5,
      top1Agreement: 1,
      versus: { provider: 'wasm' },
    })
    expect(provider?.maxAbsError).toBeLessThan(1e-6)
    expect(provider?.cosine).toBeCloseTo(1, 6)
    expect(provider?.versus?.disagreement).toBeLessThan(1e-6)
    expect(notes).toEqual([])
    expect(progress.map(({ stage }) => stage)).toContain('second')
    expect(progress.at(-1)).toMatchObject({ done: 5, total: 5 })
    expect(speed).toMatchObject([{ provider: 'plume-plan' }])
  })

  it('measures the error of the result against the original', async () => {
    const { provider } = await opinion(classifier(WEIGHTS), classifier(WEIGHTS.map((weight) => weight * 0.5)))
    // scores of the first sample are (1, 2) and become (0.5, 1)
    expect(provider?.maxAbsError).toBeGreaterThan(0.1)
    expect(provider?.versus?.disagreement).toBeLessThan(1e-6)
  })

  it('warns where the providers disagree', async () => {
    const { provider, notes } = await opinion(classifier(WEIGHTS), classifier(WEIGHTS), { machine: shifted(0.25) })
    expect(provider).toMatchObject({ ok: false })
    expect(provider?.versus?.disagreement).toBeGreaterThan(0.2)
    expect(notes).toEqual([
      {
        severity: 'warning',
        text: expect.stringMatching(
          /give different results for this model: up to \d+\.\d% of an output's range/,
        ) as string,
      },
    ])
  })

  it('takes a whole batch where its size is fixed', async () => {
    const fixed = classifier(WEIGHTS, undefined, 5)
    const { provider } = await opinion(fixed, fixed)
    expect(provider).toMatchObject({ ok: true })
  })

  it('takes made-up data as well', async () => {
    const model = classifier(WEIGHTS)
    const { provider } = await opinion(model, model, { data: { kind: 'synthetic', seed: 1, model } })
    expect(provider).toMatchObject({ ok: true, samples: 3 })
  })

  it.each<[string, Model, Partial<Options>, RegExp]>([
    [
      'operators that the engine lacks',
      classifier(WEIGHTS, [node('com.microsoft:QuickGelu', 's', 'y')]),
      {},
      /as well: it lacks com\.microsoft::QuickGelu\.$/,
    ],
    [
      'random numbers',
      classifier(WEIGHTS, [node('RandomNormalLike', 's', 'r'), node('Add', 's r', 'y')]),
      {},
      /RandomNormalLike gives other random numbers|it lacks RandomNormalLike/,
    ],
    ['models that are too large', classifier(WEIGHTS), { maxBytes: 10 }, /the result is larger than 10 B/],
  ])('says so for %s', async (_, model, options, message) => {
    model.opsets.set('com.microsoft', 1)
    const { provider, notes } = await opinion(model, model, options)
    expect(provider).toBeNull()
    expect(notes).toEqual([{ severity: 'info', text: expect.stringMatching(message) as string }])
  })

  it('gives up after its time, and ends when the job is cancelled', async () => {
    const slow: Machine = {
      ...planMachine,
      async open() {
        const session = await planMachine.open()
        return {
          memoryBytes: 0,
          release: (constants) => session.release(constants),
          dispose: () => session.dispose(),
          write: (states) => session.write(states),
          read: (states) => session.read(states),
          load: async () => ({
            advance: () => undefined,
            dispose: () => undefined,
            run: (_, options) =>
              new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new AbortError()))),
          }),
        }
      },
    }
    const model = classifier(WEIGHTS)
    const { notes } = await opinion(model, model, { machine: slow, deadlineMs: 20 })
    expect(notes[0]?.text).toMatch(/it takes longer than 0\.02 s/)
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 20)
    await expect(opinion(model, model, { machine: slow, signal: abort.signal })).rejects.toBeInstanceOf(AbortError)
  })
})
