import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostArray, type HostArray } from '../../core/host-array'
import { largestError, wave } from '../../testing/training-kit'
import { wasmLevels } from '../../testing/wasm-machines'
import { adamw, sgd } from '../optim'
import { crossEntropy } from '../losses'
import * as t from '../tensor'
import * as nn from './index'
import frozen from './layers.fixture.json'

interface Frozen {
  readonly state: readonly (readonly [string, readonly number[]])[]
  readonly inputs: readonly (readonly number[])[]
  readonly shape: readonly number[]
  readonly output: readonly number[]
  readonly gradients: readonly (readonly number[])[]
  readonly weights: Readonly<Record<string, readonly number[]>>
  readonly buffers?: Readonly<Record<string, readonly number[]>>
}

type Run = (module: nn.Module, inputs: readonly t.Tensor[]) => t.AnyTensor
const one: Run = (module, [x]) => (module as nn.AnyLayer).run(x!)
const attended: Run = (module, [query, key, value]) =>
  (module as nn.MultiHeadAttention<number>).attend(query!, { key: key!, value: value! })
const indices = t.tensor([[3, 0, 6], [3, 3, 1]], { dtype: 'int64' }) // prettier-ignore

const CASES: Record<keyof typeof frozen.cases, readonly [() => nn.Module, Run?]> = {
  Linear: [() => new nn.Linear(5, 3)],
  'Linear, sequences': [() => new nn.Linear(5, 3, { bias: false })],
  Bilinear: [
    () => new nn.Bilinear([3, 4], 2),
    (module, [a, b]) => (module as nn.Bilinear<3, 4, 2>).forward(a as never, b as never),
  ],
  Conv1d: [() => new nn.Conv1d(3, 4, 3, { stride: 2, padding: 1 })],
  Conv2d: [() => new nn.Conv2d(4, 6, [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 })],
  'Conv2d, same': [() => new nn.Conv2d(4, 3, 4, { padding: 'same', bias: false })],
  Conv3d: [() => new nn.Conv3d(2, 3, 2, { padding: 1 })],
  ConvTranspose1d: [() => new nn.ConvTranspose1d(3, 2, 4, { stride: 3, padding: 1, outputPadding: 1 })],
  ConvTranspose2d: [() => new nn.ConvTranspose2d(4, 6, 3, { stride: 2, groups: 2 })],
  ConvTranspose3d: [() => new nn.ConvTranspose3d(2, 2, 2, { stride: 2 })],
  MaxPool1d: [() => nn.maxPool1d(3, { stride: 2, padding: 1 })],
  MaxPool2d: [() => nn.maxPool2d(2, { ceil: true })],
  MaxPool3d: [() => nn.maxPool3d(2, { stride: 1 })],
  AvgPool1d: [() => nn.averagePool1d(3, { padding: 1 })],
  AvgPool2d: [() => nn.averagePool2d(3, { stride: 2, padding: 1, countPadding: false })],
  AvgPool3d: [() => nn.averagePool3d(2)],
  AdaptiveAvgPool1d: [() => nn.adaptiveAveragePool1d(4)],
  AdaptiveAvgPool2d: [() => nn.adaptiveAveragePool2d(4)],
  'AdaptiveAvgPool2d, one': [() => nn.adaptiveAveragePool2d(1)],
  AdaptiveMaxPool2d: [() => nn.adaptiveMaxPool2d(3)],
  AdaptiveMaxPool3d: [() => nn.adaptiveMaxPool3d(2)],
  BatchNorm1d: [() => new nn.BatchNorm(5)],
  BatchNorm2d: [() => new nn.BatchNorm(4, { momentum: 0.3, epsilon: 1e-3 })],
  'BatchNorm2d, used': [() => new nn.BatchNorm(4).eval()],
  'BatchNorm2d, plain': [() => new nn.BatchNorm(4, { affine: false })],
  LayerNorm: [() => new nn.LayerNorm(6)],
  'LayerNorm, two axes': [() => new nn.LayerNorm([3, 6], { epsilon: 1e-3 })],
  GroupNorm: [() => new nn.GroupNorm(2, 4)],
  InstanceNorm2d: [() => new nn.InstanceNorm(4, { affine: true })],
  'InstanceNorm1d, plain': [() => new nn.InstanceNorm(3)],
  RMSNorm: [() => new nn.RmsNorm(6, { epsilon: 1e-5 })],
  Embedding: [() => new nn.Embedding(7, 3), (module) => (module as nn.AnyLayer).run(indices)],
  RNN: [() => new nn.Rnn(4, 3, { activation: 'relu' })],
  LSTM: [() => new nn.Lstm(4, 3)],
  'LSTM, two layers, both ways': [() => new nn.Lstm(4, 3, { layers: 2, bidirectional: true, timeFirst: true })],
  GRU: [() => new nn.Gru(4, 3, { bidirectional: true })],
  'GRU, two layers': [() => new nn.Gru(4, 3, { layers: 2, bias: false })],
  MultiheadAttention: [() => new nn.MultiHeadAttention(6, 2), attended],
  'MultiheadAttention, causal': [() => new nn.MultiHeadAttention(6, 3, { isCausal: true })],
  ReLU: [nn.relu],
  LeakyReLU: [() => nn.leakyRelu(0.2)],
  ELU: [() => nn.elu(1.3)],
  SELU: [nn.selu],
  CELU: [() => nn.celu(0.7)],
  GELU: [() => nn.gelu()],
  'GELU, tanh': [() => nn.gelu('tanh')],
  SiLU: [nn.silu],
  Mish: [nn.mish],
  Sigmoid: [nn.sigmoid],
  Tanh: [nn.tanh],
  Softplus: [nn.softplus],
  Softsign: [nn.softsign],
  Hardsigmoid: [nn.hardSigmoid],
  Hardswish: [nn.hardSwish],
  Softmax: [() => nn.softmax(1)],
  LogSoftmax: [() => nn.logSoftmax()],
  PReLU: [() => new nn.PRelu()],
  'PReLU, channels': [() => new nn.PRelu(4)],
}

/** The weights of scripts/references/layers.py, `fill`. */
function fill(module: nn.Module): Map<string, HostArray> {
  const state = [...module.state()]
  const weights = new Map<string, HostArray>()
  state.forEach(([name, { tensor }], i) => {
    const shape = tensor.shape as readonly number[]
    const content = wave(shape, 0.37 + 0.11 * i, 0.2 * i)
    const isVariance = name.endsWith('running_var')
    const scaled = Float32Array.from(content.values as Float32Array, (x) =>
      isVariance ? Math.abs(x * 0.3) + 0.5 : x * 0.3,
    )
    weights.set(
      name,
      (tensor as t.AnyTensor).dtype === 'int64'
        ? hostArray('int64', shape, [0])
        : { dtype: 'float32', shape, values: scaled },
    )
  })
  module.loadStateDict(weights)
  return weights
}

const MACHINES = [
  { name: 'reference', make: async () => 'reference' as const },
  { name: 'wasm', make: async () => wasmLevels[0]!.make() },
]

describe.each(MACHINES)('layers on $name', ({ make }) => {
  beforeAll(async () => t.useMachine(await make()))
  afterAll(() => t.useMachine('reference'))

  it.each(Object.keys(CASES) as (keyof typeof CASES)[])('%s does what PyTorch does', async (name) => {
    const [create, run = one] = CASES[name]
    const expected = frozen.cases[name] as unknown as Frozen
    const module = create()
    const weights = fill(module)
    expect([...weights].map(([key, { shape }]) => [key, shape])).toEqual(expected.state)
    const inputs = expected.inputs.map((shape, i) => t.fromArray(wave(shape, 0.7 + 0.1 * i), { requiresGrad: true }))
    const output = run(module, inputs) as t.Tensor
    expect(output.shape).toEqual(expected.shape)
    output
      .mul(t.fromArray(wave(expected.shape, 1.1, 0.5)))
      .sum()
      .backward()
    expect(largestError(await output.data(), expected.output)).toBeLessThan(1e-5)
    const found = inputs.flatMap(({ grad }) => (grad ? [grad] : []))
    expect(found.length).toBe(expected.gradients.length)
    for (const [i, slope] of found.entries()) {
      expect(largestError(await slope.data(), expected.gradients[i]!), `input ${i}`).toBeLessThan(1e-4)
    }
    for (const [key, parameter] of module.parameters()) {
      expect(largestError(await parameter.grad!.data(), expected.weights[key]!), key).toBeLessThan(1e-4)
    }
    const after = await module.stateDict()
    for (const [key, values] of Object.entries(expected.buffers ?? {})) {
      expect(largestError(after.get(key)!, values), key).toBeLessThan(1e-5)
    }
  })

  it.each(['adamw', 'sgd'] as const)('a network learns as in PyTorch, with %s', async (name) => {
    const net = new nn.Sequential(
      new nn.Linear(5, 4, { bias: false }),
      new nn.BatchNorm(4),
      nn.tanh(),
      new nn.Linear(4, 3),
    )
    fill(net)
    const optimizer = new nn.ModuleOptimizer(
      net,
      name === 'adamw' ? adamw() : sgd({ momentum: 0.9, nesterov: true }),
      name === 'adamw' ? { rate: 0.05, weightDecay: 0.1, clipNorm: 1 } : { rate: 0.1, clipNorm: 1 },
    )
    const x = t.fromArray<[7, 5]>(wave([7, 5]))
    const labels = t.tensor([2, 0, 1, 1, 2, 0, 1], { dtype: 'int64' })
    const losses: number[] = []
    for (let step = 0; step < 10; step++) {
      const loss = nn.lossOf(crossEntropy({ labelSmoothing: 0.1 }), net.forward(x), labels)
      loss.backward()
      await optimizer.step(loss)
      losses.push(await loss.item())
    }
    const expected = frozen.training[name]
    losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i]!), `step ${i}`).toBeLessThan(1e-5))
    expect(largestError(await net.eval().forward(x).data(), expected.after)).toBeLessThan(1e-4)
  })
})
