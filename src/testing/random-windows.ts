/** Random convolutions, poolings and recurrent layers of odd sizes: for tests of kernels. Not part of the product. */
import { readsOf } from '../backends/call-operands'
import type {
  Activation,
  ConvCall,
  ConvWeightGradientCall,
  KernelCall,
  MaxPoolGradientCall,
  PoolCall,
  RecurrentCall,
  Window,
} from '../backends/kernel-calls'
import { hostArray, type HostArray } from '../core/host-array'
import type { Random } from '../core/random'
import { operand } from './one-call'

const values = (shape: readonly number[], seed: number): HostArray => {
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Array.from({ length: count }, (_, i) => Math.sin(i * 1.3 + seed) * 0.9 + 0.1),
  )
}

/** Numbers for all that a call reads. */
export const filled = (call: KernelCall) =>
  new Map([...new Set(readsOf(call))].map((one, i) => [one, values(one.shape, i)] as const))

function outputSize(input: number, kernel: number, stride: number, dilation: number, pads: number): number {
  return Math.floor((input + pads - dilation * (kernel - 1) - 1) / stride) + 1
}

/** One axis whose output has at least one place. */
function axisOf(random: Random, isPool = false): Window & { padEnd: number } {
  for (;;) {
    const [input, kernel] = [1 + random.below(21), 1 + random.below(4)]
    const [stride, dilation] = [1 + random.below(3), 1 + random.below(2)]
    const most = isPool ? kernel : 3
    const [padBegin, padEnd] = [random.below(most), random.below(most)]
    const output = outputSize(input, kernel, stride, dilation, padBegin + padEnd)
    if (output > 0) return { input, output, kernel, stride, dilation, padBegin, padEnd }
  }
}

const ACTIVATIONS: readonly (Activation | undefined)[] = [
  undefined,
  undefined,
  { type: 'relu' },
  { type: 'clip', low: -0.5, high: 0.75 },
]

const axesOf = (random: Random, rank: number, isPool = false) =>
  Array.from({ length: rank }, () => axisOf(random, isPool))
const sizesOf = (axes: readonly Window[], size: 'input' | 'output' | 'kernel') => axes.map((axis) => axis[size])

export function convCall(random: Random, isTransposed: boolean): KernelCall {
  const rank = 1 + random.below(3)
  const axes = axesOf(random, rank)
  const isDepthwise = random.below(3) === 0
  const groups = isDepthwise ? 2 + random.below(4) : 1 + random.below(2)
  const inPerGroup = isDepthwise ? 1 : 1 + random.below(7)
  const outPerGroup = 1 + random.below(6)
  const batch = 1 + random.below(2)
  const activation = ACTIVATIONS[random.below(ACTIVATIONS.length)]
  const shared = { batch, groups, inPerGroup, outPerGroup, ...(activation && { activation }) }
  const bias = random.below(2) === 0 ? { bias: operand([groups * outPerGroup]) } : {}
  if (!isTransposed) {
    const call: ConvCall = {
      kernel: 'conv',
      input: operand([batch, groups * inPerGroup, ...sizesOf(axes, 'input')]),
      weight: operand([groups * outPerGroup, inPerGroup, ...sizesOf(axes, 'kernel')]),
      output: operand([batch, groups * outPerGroup, ...sizesOf(axes, 'output')]),
      axes,
      ...bias,
      ...shared,
    }
    return call
  }
  const wide = axes.map((axis) => ({
    ...axis,
    output: Math.max(
      1,
      (axis.input - 1) * axis.stride + axis.dilation * (axis.kernel - 1) + 1 - axis.padBegin - axis.padEnd,
    ),
  }))
  return {
    kernel: 'convTranspose',
    input: operand([batch, groups * inPerGroup, ...sizesOf(wide, 'input')]),
    weight: operand([groups * inPerGroup, outPerGroup, ...sizesOf(wide, 'kernel')]),
    output: operand([batch, groups * outPerGroup, ...sizesOf(wide, 'output')]),
    axes: wide,
    ...bias,
    ...shared,
  }
}

export function poolCall(random: Random): PoolCall {
  const any = axesOf(random, 1 + random.below(3), true)
  const axes = random.below(4) > 0 ? any : [halving(random), halving(random)].map((axis) => ({ ...axis, padEnd: 0 }))
  const planes = 1 + random.below(5)
  return {
    kernel: 'pool',
    type: random.below(2) === 0 ? 'max' : 'average',
    countsPadding: random.below(2) === 0,
    padEnds: axes.map(({ padEnd }) => padEnd),
    input: operand([planes, ...sizesOf(axes, 'input')]),
    output: operand([planes, ...sizesOf(axes, 'output')]),
    planes,
    axes,
  }
}

/** Now and then with as many channels as fill vectors, and rows as long as blocks of a sum. */
export function convWeightCall(random: Random): ConvWeightGradientCall {
  const isLarge = random.below(5) === 0
  const axes = isLarge ? [longAxis(random)] : axesOf(random, 1 + random.below(3))
  const isDepthwise = random.below(3) === 0
  const groups = isDepthwise ? 2 + random.below(4) : 1 + random.below(2)
  const inPerGroup = isDepthwise ? 1 : 1 + random.below(4)
  const outPerGroup = isDepthwise ? 1 + random.below(2) : 1 + random.below(isLarge ? 40 : 12)
  const batch = 1 + random.below(3)
  return {
    kernel: 'convWeightGradient',
    input: operand([batch, groups * inPerGroup, ...sizesOf(axes, 'input')]),
    gradient: operand([batch, groups * outPerGroup, ...sizesOf(axes, 'output')]),
    output: operand([groups * outPerGroup, inPerGroup, ...sizesOf(axes, 'kernel')]),
    ...{ batch, groups, inPerGroup, outPerGroup, axes },
  }
}

function longAxis(random: Random): Window {
  const [input, kernel, stride, padBegin] = [
    300 + random.below(300),
    1 + random.below(5),
    1 + random.below(2),
    random.below(3),
  ]
  return { input, kernel, stride, padBegin, dilation: 1, output: outputSize(input, kernel, stride, 1, 2 * padBegin) }
}

/** Half of them 2 × 2, as most networks have them. */
export function maxPoolGradientCall(random: Random): MaxPoolGradientCall {
  const any = axesOf(random, 1 + random.below(3), true)
  // a window must see something
  const seesAll = any.every(({ input, dilation }) => input >= dilation)
  const axes = seesAll && random.below(2) === 0 ? any : [halving(random), halving(random)]
  const planes = 1 + random.below(5)
  const [image, pooled] = [operand([planes, ...sizesOf(axes, 'input')]), operand([planes, ...sizesOf(axes, 'output')])]
  return { kernel: 'maxPoolGradient', input: image, gradient: pooled, output: operand(image.shape), planes, axes }
}

function halving(random: Random): Window {
  const input = 2 + random.below(20)
  return { input, output: Math.floor(input / 2), kernel: 2, stride: 2, dilation: 1, padBegin: 0 }
}

export function recurrentCall(random: Random): RecurrentCall {
  const type = (['lstm', 'gru', 'rnn'] as const)[random.below(3)]!
  const gates = { lstm: 4, gru: 3, rnn: 1 }[type]
  const [steps, batch, size] = [1 + random.below(4), 1 + random.below(3), 1 + random.below(19)]
  const isThere = () => random.below(2) === 0
  return {
    kernel: 'recurrent',
    type,
    gates: operand([steps, batch, gates * size]),
    recurrent: operand([gates * size, size]),
    ...(type === 'gru' && isThere() && { recurrentBias: operand([size]) }),
    linearBeforeReset: isThere(),
    ...(isThere() && { initialHidden: operand([batch, size]) }),
    ...(type === 'lstm' && isThere() && { initialCell: operand([batch, size]) }),
    ...(type === 'lstm' && isThere() && { peephole: operand([3 * size]) }),
    hidden: operand([steps, batch, size]),
    lastHidden: operand([batch, size]),
    ...(type === 'lstm' && { lastCell: operand([batch, size]) }),
    steps,
    batch,
    size,
    isReverse: isThere(),
  }
}
