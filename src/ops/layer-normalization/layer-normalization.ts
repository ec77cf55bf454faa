import type { KernelCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, formulaFor } from '../elementwise'
import type { Formula } from '../formula'
import { shapeOf, type GradientContext, type ValueName } from '../gradient'
import { aliasCall } from '../movement'
import { inverseDeviation, lowerMoments, momentsOf } from '../normalization'
import { countOf, gradientsOfRows, normalOf, normalValue, type Normal } from '../normalization-gradients'
import { defineOperator, differentiable, FLOAT32, type LowerContext } from '../op'
import { broadcast, broadcastStrides, forEachIndex, normalizeAxis } from '../shapes'

const attributes = { axis: a.int(-1), epsilon: a.float(1e-5), stash_type: a.dtype('float32') }

/**
 * y = (x − mean) / √(variance + ε) · scale + bias over all axes from `axis` on; also the mean and 1 / √(variance + ε),
 * computed in float32 (ONNX LayerNormalization-17).
 */
export const layerNormalization = defineOperator({
  name: 'LayerNormalization',
  domain: '',
  attributes,
  inputs: [2, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    const type = { dtype: context.dtype(0), shape: x }
    const stash = context.attributes.stash_type
    if (!x) return [type, { dtype: stash, shape: undefined }, { dtype: stash, shape: undefined }]
    const axis = normalizeAxis(context, context.attributes.axis, x.length)
    for (const input of [1, 2]) {
      if (!context.has(input)) continue
      const fit = broadcast([x, context.shape(input)])
      const isWider =
        'shape' in fit &&
        fit.shape !== undefined &&
        fit.shape.some((dim, i) => typeof dim === 'number' && typeof x[i] === 'number' && dim !== x[i])
      if ('problem' in fit || isWider) context.fail('scale and bias must broadcast to the input')
    }
    const moments = { dtype: stash, shape: x.map((dim, i) => (i < axis ? dim : 1)) }
    return [type, moments, moments]
  },
  reference(context, x, scale, bias) {
    const { epsilon, stash_type } = context.attributes
    const axis = normalizeAxis(context, context.attributes.axis, x!.shape.length)
    const size = elementCount(x!.shape.slice(axis))
    const values = numbersOf(x!)
    const shape = x!.shape.map((dim, i) => (i < axis ? dim : 1))
    const [means, factors] = [context.empty(stash_type, shape), context.empty(stash_type, shape)]
    const rows = elementCount(shape)
    const exact = Array.from({ length: rows }, (_, row) => {
      const { mean, variance } = momentsOf(values, row * size, size)
      const factor = 1 / Math.sqrt(variance + epsilon)
      means.values[row] = mean
      factors.values[row] = factor
      return { mean, factor }
    })
    const result = context.empty(x!.dtype, x!.shape)
    const [scales, biases] = [numbersOf(scale!), bias && numbersOf(bias)]
    const strides = [
      broadcastStrides(scale!.shape, x!.shape),
      bias ? broadcastStrides(bias.shape, x!.shape) : x!.shape.map(() => 0),
    ]
    forEachIndex(x!.shape, strides, (at, [s, b]) => {
      const { mean, factor } = exact[Math.floor(at / size)]!
      result.values[at] =
        ((values[at] as number) - mean) * factor * (scales[s!] as number) + (biases ? (biases[b!] as number) : 0)
    })
    return [result, means, factors]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { epsilon, axis } = context.attributes
    const x = context.input(0)
    const f = formulaFor(context, x)
    const rank = shapeOf(context, x).length
    const first = normalizeAxis(context, axis, rank)
    const axes = Array.from({ length: rank - first }, (_, i) => first + i)
    const own = normalOf(f, x, axes, { kind: 'layer', epsilon })
    const dy = context.gradient(0)
    const [dx, ...others] = dy ? gradientsOfRows(context, f, { own, dy }) : []
    if (!context.needs(0)) return [dx, ...others]
    const parts = [dx, ...throughMoments(context, f, own)].filter((part) => part !== undefined)
    return [parts.length > 0 ? parts.reduce((sum, part) => f.add(sum, part)) : undefined, ...others]
  }),
  lower(context) {
    const input = context.input(0)
    if (input.dtype !== 'float32') return null
    const axis = normalizeAxis(context, context.attributes.axis, input.shape.length)
    const size = elementCount(input.shape.slice(axis))
    const scale = context.input(1)
    const bias = context.has(2) ? context.input(2) : undefined
    const isWhole = [scale, ...(bias ? [bias] : [])].every(
      (one) =>
        one.dtype === 'float32' && elementCount(one.shape) === size && one.shape.length <= input.shape.length - axis,
    )
    if (size === 0) return null
    if (!isWhole || (context.outputCount > 1 && (context.wants(1) || context.wants(2))))
      return lowerSteps(context, axis)
    const rows = elementCount(input.shape.slice(0, axis))
    const { epsilon } = context.attributes
    return [
      {
        kernel: 'normalize',
        type: 'layer',
        input,
        output: context.output(0),
        scale,
        ...(bias && { bias }),
        rows,
        size,
        epsilon,
        affine: { by: 'element' },
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

/** What the gradients of the mean and of 1 / √(variance + ε) add to dx. */
function throughMoments(
  context: GradientContext<typeof attributes>,
  f: Formula,
  own: Normal,
): (ValueName | undefined)[] {
  const like = (gradient: ValueName) => context.write.add('CastLike', [gradient, own.centered])
  const [dMean, dInverse] = [context.gradient(1), context.gradient(2)]
  const size = countOf(f, own.centered, own.inverse)
  return [
    dMean && f.of('Expand', f.div(like(dMean), size), f.of('Shape', own.centered)),
    // d inverse / dx = −inverse³ · (x − mean) / size
    dInverse && f.neg(f.mul(f.div(f.mul(like(dInverse), f.square(own.inverse)), size), normalValue(f, own))),
  ]
}

/** With outputs for the moments, or scale and bias of any shape: in steps. */
function lowerSteps(context: LowerContext<typeof attributes>, axis: number): readonly KernelCall[] | null {
  const { epsilon, stash_type } = context.attributes
  const x = context.input(0)
  const affine = [context.input(1), ...(context.has(2) ? [context.input(2)] : [])]
  if (stash_type !== 'float32' || affine.some(({ dtype }) => dtype !== 'float32')) return null
  if (elementCount(x.shape) === 0) return null
  const axes = x.shape.flatMap((_, at) => (at < axis ? [] : [at]))
  const { calls, mean, variance, centered } = lowerMoments(context, x, axes)
  const isWanted = (output: number) => context.outputCount > output && context.wants(output)
  const factor = isWanted(2) ? context.output(2) : context.scratch('float32', variance.shape)
  const scaled = binary('mul', binary('mul', { input: 0 }, { input: 1 }), { input: 2 })
  return [
    ...calls,
    ...(isWanted(1) ? [aliasCall(mean, context.output(1))] : []),
    { kernel: 'map', expression: inverseDeviation(0, epsilon), inputs: [variance], output: factor },
    {
      kernel: 'map',
      expression: affine.length > 1 ? binary('add', scaled, { input: 3 }) : scaled,
      inputs: [centered, factor, ...affine],
      output: context.output(0),
    },
  ]
}
