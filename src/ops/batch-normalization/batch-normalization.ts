import type { KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, constant, formulaFor, unary } from '../elementwise'
import type { Formula } from '../formula'
import { reshapedLike, type GradientContext, type ValueName } from '../gradient'
import { axesBesideChannels } from '../gradient-parts'
import { inverseDeviation, lowerMoments } from '../normalization'
import { asChannels, countOf, normalOf, sumToChannels } from '../normalization-gradients'
import { defineOperator, differentiable, FLOAT32, type InferContext, type LowerContext } from '../op'

const attributes = { epsilon: a.float(1e-5), momentum: a.float(0.9), training_mode: a.flag(false) }
const VECTORS = ['scale', 'bias', 'mean', 'variance']

/**
 * y = (x − mean) / √(variance + ε) · scale + bias per channel of [N, C, …]; when training, mean and variance are those of
 * this batch, and the running ones follow (ONNX BatchNormalization-15).
 */
export const batchNormalization = defineOperator({
  name: 'BatchNormalization',
  domain: '',
  attributes,
  inputs: [5, 5],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    checkVectors(context)
    const vector = [context.shape(3)?.[0] ?? x?.[1] ?? null]
    const type = { dtype: context.dtype(0), shape: x }
    return [type, { dtype: context.dtype(3), shape: vector }, { dtype: context.dtype(4), shape: vector }]
  },
  reference(context, x, scale, bias, mean, variance) {
    const { epsilon, momentum, training_mode } = context.attributes
    const values = numbersOf(x!)
    const [batch, channels] = [x!.shape[0] ?? 1, x!.shape[1] ?? 1]
    const size = elementCount(x!.shape.slice(2))
    const [factors, offsets, means, variances] = [scale!, bias!, mean!, variance!].map(numbersOf) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const result = context.empty(x!.dtype, x!.shape)
    const [nextMean, nextVariance] = [
      context.empty(mean!.dtype, mean!.shape),
      context.empty(variance!.dtype, variance!.shape),
    ]
    for (let c = 0; c < channels; c++) {
      let [center, spread] = [means[c] as number, variances[c] as number]
      if (training_mode) {
        const own = channelMoments(values, batch, channels, size, c)
        nextMean.values[c] = center * momentum + own.mean * (1 - momentum)
        nextVariance.values[c] = spread * momentum + own.variance * (1 - momentum)
        ;[center, spread] = [own.mean, own.variance]
      }
      const factor = (factors[c] as number) / Math.sqrt(spread + epsilon)
      for (let n = 0; n < batch; n++) {
        const start = (n * channels + c) * size
        for (let i = start; i < start + size; i++) {
          result.values[i] = ((values[i] as number) - center) * factor + (offsets[c] as number)
        }
      }
    }
    return training_mode ? [result, nextMean, nextVariance] : [result, mean, variance]
  },
  gradient: differentiable<typeof attributes>((context) =>
    context.attributes.training_mode ? gradientsInTraining(context) : gradientsOfFixed(context),
  ),
  lower(context) {
    const x = context.input(0)
    const isWanted = context.outputCount > 1 && (context.wants(1) || context.wants(2))
    if (x.dtype !== 'float32' || x.shape.length < 2) return null
    if (context.attributes.training_mode) return lowerTraining(context)
    if (isWanted) return null
    const folded = foldConstants(context, x.shape)
    const output = context.output(0)
    if (folded) {
      const [factor, offset] = folded.map((array) => context.store(array)) as [
        ReturnType<typeof context.store>,
        ReturnType<typeof context.store>,
      ]
      const scaled = binary('mul', { input: 0 }, { input: 1 })
      return [{ kernel: 'map', expression: binary('add', scaled, { input: 2 }), inputs: [x, factor, offset], output }]
    }
    const column = [x.shape[1] as number, ...x.shape.slice(2).map(() => 1)]
    const columns = [1, 2, 3, 4].map((input) => ({
      given: context.input(input),
      seen: context.scratch('float32', column),
    }))
    const [factor, offset, mean, variance] = [1, 2, 3, 4].map((input) => ({ input })) as [
      { input: number },
      { input: number },
      { input: number },
      { input: number },
    ]
    const spread = unary('sqrt', binary('add', variance, constant(context.attributes.epsilon)))
    const centered = binary('div', binary('sub', { input: 0 }, mean), spread)
    const expression = binary('add', binary('mul', centered, factor), offset)
    if (columns.some(({ given }) => given.dtype !== 'float32')) return null
    return [
      ...columns.map(({ given, seen }) => ({ kernel: 'alias' as const, input: given, output: seen })),
      { kernel: 'map', expression, inputs: [x, ...columns.map(({ seen }) => seen)], output },
    ]
  },
  tolerance: FLOAT32,
})

/** With the moments of the batch: they depend on x, too, and so do the running ones that follow them. */
function gradientsInTraining(context: GradientContext<typeof attributes>): (ValueName | undefined)[] {
  const { epsilon, momentum } = context.attributes
  const [x, scale] = [context.input(0), context.input(1)]
  const f = formulaFor(context, x)
  const own = normalOf(f, x, axesBesideChannels(context, x), { kind: 'layer', epsilon })
  const dy = context.gradient(0)
  const followed = [1, 2].map((output) => context.gradient(output))
  const parts: ValueName[] = []
  const count = countOf(f, x, own.inverse)
  const summed = (value: ValueName) => context.write.add('ReduceSum', [value, context.write.integers(own.axes)])
  const [dBias, along] = dy ? [summed(dy), f.mul(own.inverse, summed(f.mul(dy, own.centered)))] : []
  if (dy && dBias && along) {
    // dx = scale · r · (dy − Σ dy / M − n · Σ dy·n / M): the sums are those of bias and scale
    const across = f.sub(f.sub(dy, f.div(dBias, count)), f.mul(own.centered, f.div(f.mul(own.inverse, along), count)))
    parts.push(f.mul(f.mul(asChannels(context, f.of('CastLike', scale, x), x), own.inverse), across))
  }
  const share = (gradient: ValueName) =>
    f.div(f.mul(asChannels(context, f.of('CastLike', gradient, x), x), 1 - momentum), count)
  const [dMean, dVariance] = followed
  if (dMean) parts.push(f.of('Expand', share(dMean), f.of('Shape', x)))
  if (dVariance) parts.push(f.mul(f.mul(share(dVariance), 2), own.centered))
  const running = followed.map(
    (gradient) => gradient && f.of('CastLike', f.mul(f.of('CastLike', gradient, x), momentum), gradient),
  )
  const vector = (value: ValueName | undefined, input: number) =>
    value && f.of('CastLike', reshapedLike(context, value, context.input(input)), context.input(input))
  return [
    context.needs(0) && parts.length > 0 ? parts.reduce((sum, part) => f.add(sum, part)) : undefined,
    vector(along, 1),
    vector(dBias, 2),
    ...running,
  ]
}

/** With moments that are given: an affine function of x. */
function gradientsOfFixed(context: GradientContext<typeof attributes>): (ValueName | undefined)[] {
  const [x, scale, , mean, variance] = [0, 1, 2, 3, 4].map((input) => context.input(input)) as [string, ...string[]]
  const f = formulaFor(context, x)
  const seen = (vector: ValueName) => asChannels(context, f.of('CastLike', vector, x), x)
  const inverse = f.of('Reciprocal', f.of('Sqrt', f.add(seen(variance!), context.attributes.epsilon)))
  const normal = f.mul(f.sub(x, seen(mean!)), inverse)
  const dy = context.gradient(0)
  const g = dy && f.mul(f.mul(dy, seen(scale!)), inverse)
  const summed = (part: ValueName, vector: ValueName) => f.of('CastLike', sumToChannels(context, part, vector), vector)
  const [dMean, dVariance] = [
    g && context.needs(3) ? summed(f.neg(g), mean!) : undefined,
    g && context.needs(4) ? summed(f.mul(f.mul(g, f.mul(normal, inverse)), -0.5), variance!) : undefined,
  ]
  const both = (a: ValueName | undefined, b: ValueName | undefined) => (a && b ? f.of('Add', a, b) : (a ?? b))
  return [
    g,
    ...vectorGradients(context, f, normal),
    both(dMean, context.gradient(1)),
    both(dVariance, context.gradient(2)),
  ]
}

function vectorGradients(context: GradientContext<typeof attributes>, f: Formula, normal: ValueName) {
  const dy = context.gradient(0)
  const [scale, bias] = [context.input(1), context.input(2)]
  return [
    dy && context.needs(1) ? f.of('CastLike', sumToChannels(context, f.mul(dy, normal), scale), scale) : undefined,
    dy && context.needs(2) ? f.of('CastLike', sumToChannels(context, dy, bias), bias) : undefined,
  ]
}

/** The moments of this batch, and the running ones that follow them. */
function lowerTraining(context: LowerContext<typeof attributes>): readonly KernelCall[] | null {
  const { epsilon, momentum } = context.attributes
  const inputs = [0, 1, 2, 3, 4].map((input) => context.input(input))
  const [x, scale, bias, ...running] = inputs as [Operand, Operand, Operand, Operand, Operand]
  if (inputs.some(({ dtype, shape }) => dtype !== 'float32' || elementCount(shape) === 0)) return null
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))
  const { calls, mean, variance, centered } = lowerMoments(context, x, axes)
  const aliases: KernelCall[] = []
  const seenAs = (operand: Operand, shape: readonly number[]) => {
    const seen = context.scratch('float32', shape)
    aliases.push({ kernel: 'alias', input: operand, output: seen })
    return seen
  }
  const column = x.shape.map((size, axis) => (axis === 1 ? size : 1)).slice(1)
  const normal = binary('mul', { input: 0 }, inverseDeviation(1, epsilon))
  const y: KernelCall = {
    kernel: 'map',
    expression: binary('add', binary('mul', normal, { input: 2 }), { input: 3 }),
    inputs: [centered, variance, seenAs(scale, column), seenAs(bias, column)],
    output: context.output(0),
  }
  const followed = binary(
    'add',
    binary('mul', { input: 0 }, constant(momentum)),
    binary('mul', { input: 1 }, constant(1 - momentum)),
  )
  const follow = [mean, variance].flatMap((own, i): KernelCall[] =>
    context.outputCount > i + 1 && context.wants(i + 1)
      ? [
          {
            kernel: 'map',
            expression: followed,
            inputs: [running[i]!, seenAs(own, running[i]!.shape)],
            output: context.output(i + 1),
          },
        ]
      : [],
  )
  return [...calls, ...aliases, y, ...follow]
}

function checkVectors(context: InferContext<typeof attributes>): void {
  const x = context.shape(0)
  if (x && x.length < 1) context.fail('the input must be [N, C, …]')
  const channels = x && (x.length > 1 ? x[1] : 1)
  VECTORS.forEach((name, i) => {
    const shape = context.shape(i + 1)
    if (!shape) return
    const isOdd = typeof shape[0] === 'number' && typeof channels === 'number' && shape[0] !== channels
    if (shape.length !== 1 || isOdd) context.fail(`${name} must have one entry per channel`)
  })
}

/** Scale and offset of every channel where all four vectors are known: [C, 1, …]. */
function foldConstants(
  context: LowerContext<typeof attributes>,
  shape: readonly number[],
): [HostArray, HostArray] | undefined {
  const known = [1, 2, 3, 4].map((input) => context.constant(input))
  if (known.some((array) => !array)) return undefined
  const [scale, bias, mean, variance] = known.map((array) => numbersOf(array!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const column = [shape[1] as number, ...shape.slice(2).map(() => 1)]
  const factors = Array.from(
    scale,
    (value, c) => value / Math.sqrt((variance[c] as number) + context.attributes.epsilon),
  )
  const offsets = factors.map((factor, c) => (bias[c] as number) - (mean[c] as number) * factor)
  return [hostArray('float32', column, factors), hostArray('float32', column, offsets)]
}

function channelMoments(values: ArrayLike<number>, batch: number, channels: number, size: number, c: number) {
  const each = <T>(start: T, visit: (sum: T, value: number) => T): T => {
    let sum = start
    for (let n = 0; n < batch; n++) {
      for (let i = 0; i < size; i++) sum = visit(sum, values[(n * channels + c) * size + i] as number)
    }
    return sum
  }
  const mean = each(0, (sum, value) => sum + value) / (batch * size)
  return { mean, variance: each(0, (sum, value) => sum + (value - mean) ** 2) / (batch * size) }
}
