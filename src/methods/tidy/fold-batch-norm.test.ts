import { describe, expect, it } from 'vitest'
import { asNumbers } from '../../core/tensor'
import { loadTensor } from '../../graph/constants'
import type { Model } from '../../graph/model'
import { buildModel, f32, node, ramp, type AttributeLike } from '../../testing/build-model'
import { expectSameBits, only, opTypes, randomFloats, relativeError, runModel, runTidy } from '../../testing/tidy-kit'

const fold = only('foldBatchNorm', 'removeUnused')

/** γ, β, μ, σ² that differ per channel, one γ zero and one negative. */
const norm = (channels: number) => {
  const of = (at: (c: number) => number) =>
    f32(
      [channels],
      Array.from({ length: channels }, (_, c) => at(c)),
    )
  return {
    gamma: of((c) => (c === 1 ? 0 : 1.5 - c)),
    beta: of((c) => 0.25 * c - 0.3),
    mean: of((c) => c / 3 - 1),
    variance: of((c) => 0.01 + c * c),
  }
}

const BN = 'gamma beta mean variance'

interface Case {
  layer: string
  attributes?: Record<string, AttributeLike>
  weight: readonly number[]
  channels: number
  input: readonly number[]
  bias?: readonly number[]
  opset?: number
  norm?: Record<string, AttributeLike>
}

function build(one: Case): Model {
  return buildModel({
    opset: one.opset ?? 17,
    inputs: { x: ['float32', one.input] },
    outputs: { y: ['float32'] },
    initializers: { w: ramp(one.weight), ...(one.bias && { b: ramp(one.bias, 0.7) }), ...norm(one.channels) },
    nodes: [
      node(one.layer, one.bias ? 'x w b' : 'x w', 'h', one.attributes ?? {}),
      node('BatchNormalization', `h ${BN}`, 'y', { epsilon: { float: 0.001 }, ...one.norm }),
    ],
  })
}

const CONV: Case = { layer: 'Conv', weight: [5, 3, 2, 3], channels: 5, input: [2, 3, 7, 6], bias: [5] }

describe('BatchNorm folding', () => {
  it.each<[string, Case]>([
    ['Conv with bias', CONV],
    ['Conv without bias', { ...CONV, bias: undefined }],
    ['grouped Conv', { ...CONV, weight: [6, 1, 2, 3], channels: 6, bias: [6], attributes: { group: 3 } }],
    ['Conv of one dimension, opset 7', { ...CONV, weight: [5, 3, 2], input: [2, 3, 7], opset: 7 }],
    ['ConvTranspose', { ...CONV, layer: 'ConvTranspose', weight: [3, 5, 2, 2] }],
    [
      'grouped ConvTranspose',
      {
        ...CONV,
        layer: 'ConvTranspose',
        weight: [6, 2, 2, 3],
        channels: 4,
        bias: [4],
        input: [2, 6, 5, 4],
        attributes: { group: 2 },
      },
    ],
    ['Gemm', { layer: 'Gemm', weight: [7, 5], channels: 5, input: [3, 7], bias: [5] }],
    [
      'Gemm with transB, alpha, beta and a row of biases',
      {
        ...{ layer: 'Gemm', weight: [5, 7], channels: 5, input: [3, 7], bias: [1, 5] },
        attributes: { transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } },
      },
    ],
    ['Gemm with one bias for all', { layer: 'Gemm', weight: [7, 5], channels: 5, input: [3, 7], bias: [1] }],
  ])('into %s gives the same outputs to 1e-5', async (_what, one) => {
    const model = build(one)
    const { model: after, tensors, notes } = await runTidy(model, fold)
    expect(opTypes(after)).toEqual([one.layer])
    expect(after.graph.initializers.size).toBe(2)
    expect(after.graph.outputs[0]?.name).toBe('y')
    expect(notes[0]).toBe('1 BatchNormalization node folded into weights.')
    expect(tensors.map(({ to }) => to)).toContain('float32/removed')
    const feeds = new Map([['x', randomFloats(one.input)]])
    for (const optimize of ['none', 'all'] as const) {
      const expected = (await runModel(model, feeds, optimize)).get('y')
      const found = (await runModel(after, feeds, optimize)).get('y')
      expect(found?.shape).toEqual(expected?.shape)
      expect(expected && found && relativeError(expected, found)).toBeLessThanOrEqual(1e-5)
    }
  })

  it('rounds once: weights by hand', async () => {
    const model = buildModel({
      inputs: { x: ['float32', [1, 1, 3]] },
      outputs: { y: ['float32'] },
      initializers: {
        w: f32([1, 1, 2], [0.1, -3]),
        gamma: f32([1], [2]),
        beta: f32([1], [0.5]),
        mean: f32([1], [4]),
        variance: f32([1], [15.75]),
      },
      nodes: [node('Conv', 'x w', 'h'), node('BatchNormalization', `h ${BN}`, 'y', { epsilon: { float: 0.25 } })],
    })
    const { model: after } = await runTidy(model, fold)
    const read = async (name: string) => [...asNumbers(await loadTensor(after.graph.initializers.get(name)!))]
    // γ/√(15.75 + 0.25) = 0.5
    expect(await read('w')).toEqual([Math.fround(Math.fround(0.1) * 0.5), -1.5])
    expect(await read('w_bias')).toEqual([(0 - 4) * 0.5 + 0.5])
  })

  it.each<[string, Model]>([
    ['is per element (spatial 0)', build({ ...CONV, opset: 7, norm: { spatial: 0 } })],
    ['trains', withTraining()],
    ['reads a value that others read', withOtherReader()],
    ['reads a value that is an output', withOutput()],
    ['follows shared weights', withSharedWeight()],
    ['has a channel without variance', withoutVariance()],
  ])('leaves a BatchNorm that %s', async (_what, model) => {
    const { model: after } = await runTidy(model, fold)
    expect(opTypes(after)).toContain('BatchNormalization')
    expect(after.edits).toBe(0)
  })

  it('is off on demand, and then changes no bit', async () => {
    const model = build(CONV)
    const { model: after } = await runTidy(model, { foldBatchNorm: false })
    expect(opTypes(after)).toEqual(['Conv', 'BatchNormalization'])
    await expectSameBits(model, after, new Map([['x', randomFloats(CONV.input)]]))
  })

  it('takes weights off the list of inputs where all of them stand there, and says so', async () => {
    const model = build(CONV)
    for (const [name, tensor] of model.graph.initializers) {
      model.graph.inputs.push({ name, type: { kind: 'tensor', dtype: tensor.dtype, shape: tensor.shape } })
    }
    const { model: after, notes } = await runTidy(model)
    expect(after.graph.inputs.map((info) => info.name)).toEqual(['x'])
    expect(opTypes(after)).toEqual(['Conv'])
    expect(notes[0]).toMatch(/^6 weights were also listed as inputs/)
    const exact = await runTidy(model, { foldBatchNorm: false })
    expect(exact.model.graph.inputs).toHaveLength(7)
  })
})

function withTraining(): Model {
  const model = build({ ...CONV, norm: { training_mode: 1 } })
  model.graph.nodes[1]!.outputs.push('running_mean', 'running_variance')
  return model
}

function withOtherReader(): Model {
  const model = build(CONV)
  model.graph.nodes.push(node('Neg', 'h', 'z'))
  model.graph.outputs.push({ name: 'z', type: { kind: 'tensor', dtype: 'float32' } })
  return model
}

function withOutput(): Model {
  const model = build(CONV)
  model.graph.outputs.push({ name: 'h', type: { kind: 'tensor', dtype: 'float32' } })
  return model
}

function withSharedWeight(): Model {
  const model = build(CONV)
  model.graph.nodes.push(node('Conv', 'x w', 'z'))
  model.graph.outputs.push({ name: 'z', type: { kind: 'tensor', dtype: 'float32' } })
  return model
}

function withoutVariance(): Model {
  const model = build({ ...CONV, norm: { epsilon: { float: 0 } } })
  model.graph.initializers.set('variance', { ...f32([5], [1, 1, 0, 1, 1]), name: 'variance' })
  return model
}
