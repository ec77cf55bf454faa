/** y = a · convolution + b per channel (normalization with fixed statistics, biases): part of the weights. */
import type { ConvCall, ConvTransposeCall, Expression, MapCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import type { HostArray } from '../../core/host-array'

export type ConvolutionCall = ConvCall | ConvTransposeCall

export interface AffineOptions {
  /** Its elements, where they are known. */
  constantOf(operand: Operand): HostArray | undefined
  store(array: HostArray): Operand
}

/**
 * The convolution whose weights and bias contain the formula of `map`, which reads its result as input `input`.
 * @returns undefined where the formula is not affine with one pair (a, b) per channel, or weights are not known
 */
export function withAffine(
  call: ConvolutionCall,
  map: MapCall,
  input: number,
  options: AffineOptions,
): ConvolutionCall | undefined {
  const weight = options.constantOf(call.weight)
  const bias = call.bias && options.constantOf(call.bias)
  const channels = call.groups * call.outPerGroup
  const others = map.inputs.map((operand, i) => (i === input ? undefined : options.constantOf(operand)))
  const readers = others.map((array) => array && channelReader(array, channels, call.axes.length))
  if (!weight || (call.bias && !bias) || readers.some((reader, i) => i !== input && !reader)) return undefined
  const scales = new Float64Array(channels)
  const biases = new Float64Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    const found = affineAt(map.expression, (i) => readers[i]?.(channel))
    if (!found) return undefined
    scales[channel] = found.a
    biases[channel] = found.a * Number(bias?.values[channel] ?? 0) + found.b
  }
  const isPlain = scales.every((scale) => scale === 1)
  return {
    ...call,
    weight: isPlain ? call.weight : options.store(scaled(call, weight, scales)),
    bias: options.store({ dtype: 'float32', shape: [channels], values: Float32Array.from(biases) }),
    output: map.output,
  }
}

/** Reads the one value of a channel, where there is one; undefined where values differ within a channel. */
function channelReader({ shape, values }: HostArray, channels: number, spatial: number) {
  if (elementCount(shape) === 1) return () => Number(values[0])
  const isPerChannel = shape.at(-1 - spatial) === channels && elementCount(shape) === channels
  return isPerChannel ? (channel: number) => Number(values[channel]) : undefined
}

interface Affine {
  readonly a: number
  readonly b: number
}

/** a and b with formula(x) = a · x + b; `valueOf` gives all inputs but x. */
function affineAt(expression: Expression, valueOf: (input: number) => number | undefined): Affine | undefined {
  const visit = (one: Expression): Affine | undefined => {
    if ('constant' in one) return { a: 0, b: one.constant }
    if ('input' in one) {
      const value = valueOf(one.input)
      return value === undefined ? { a: 1, b: 0 } : { a: 0, b: value }
    }
    if ('unary' in one) {
      const of = visit(one.of)
      if (of && one.unary === 'neg') return { a: -of.a, b: -of.b }
      if (of?.a === 0 && one.unary === 'sqrt') return { a: 0, b: Math.sqrt(of.b) }
      return of?.a === 0 && one.unary === 'reciprocal' ? { a: 0, b: 1 / of.b } : undefined
    }
    if (!('binary' in one)) return undefined
    const [left, right] = [visit(one.left), visit(one.right)]
    return left && right && combine(one.binary, left, right)
  }
  const found = visit(expression)
  return found && Number.isFinite(found.a) && Number.isFinite(found.b) ? found : undefined
}

function combine(operator: string, left: Affine, right: Affine): Affine | undefined {
  switch (operator) {
    case 'add':
      return { a: left.a + right.a, b: left.b + right.b }
    case 'sub':
      return { a: left.a - right.a, b: left.b - right.b }
    case 'mul':
      if (left.a !== 0 && right.a !== 0) return undefined
      return { a: left.a * right.b + right.a * left.b, b: left.b * right.b }
    case 'div':
      return right.a === 0 ? { a: left.a / right.b, b: left.b / right.b } : undefined
    default:
      return undefined
  }
}

/** conv: weight [channels, …]; convTranspose: [groups · inPerGroup, outPerGroup, taps]. */
function scaled(call: ConvolutionCall, { dtype, shape, values }: HostArray, scales: Float64Array): HostArray {
  const { inPerGroup, outPerGroup } = call
  const taps = elementCount(call.axes.map(({ kernel }) => kernel))
  const channelOf = (at: number): number => {
    if (call.kernel === 'conv') return Math.floor(at / (inPerGroup * taps))
    const group = Math.floor(at / (taps * outPerGroup * inPerGroup))
    return group * outPerGroup + (Math.floor(at / taps) % outPerGroup)
  }
  const made = new Float32Array(elementCount(shape))
  for (let i = 0; i < made.length; i++) made[i] = Number(values[i]) * (scales[channelOf(i)] as number)
  return { dtype, shape, values: made }
}
