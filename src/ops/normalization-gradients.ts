/**
 * Gradients of normalizations. With n = (x − mean) · r, r = 1 / √(variance + ε), and g = dy · scale (Ioffe & Szegedy, arXiv
 * 1502.03167v3, section 3):
 * dx = r · (g − mean of g − n · mean of g · n), the means over the axes that are normalized. Without a mean (RMS) the second
 * term is left out.
 */
import { elementCount } from '../core/dtypes'
import { attribute } from '../graph/model'
import type { AttributeSchema } from './attributes'
import { formulaFor } from './elementwise'
import type { Formula, Term } from './formula'
import { reshapedLike, shapeOf, sumTo, type GradientContext, type ValueName } from './gradient'
import { isKnown } from './shapes'

export interface Normal {
  readonly axes: readonly number[]
  /** x − mean, or x where there is none. */
  readonly centered: ValueName
  /** r, with the reduced axes of size 1. */
  readonly inverse: ValueName
  readonly isCentered: boolean
}

/** n, of the shape of x. */
export const normalValue = (f: Formula, { centered, inverse }: Normal): ValueName => f.mul(centered, inverse)

/** How many elements of `whole` each element of `reduced` stands for. */
export function countOf(f: Formula, whole: ValueName, reduced: ValueName): Term {
  const [all, left] = [whole, reduced].map((value) => f.write.type(value).shape)
  if (isKnown(all) && isKnown(left)) return elementCount(all) / elementCount(left)
  return f.of('CastLike', f.of('Div', f.of('Size', whole), f.of('Size', reduced)), whole)
}

export const meanOver = (f: Formula, value: ValueName, axes: readonly number[]): ValueName =>
  f.write.add('ReduceMean', [value, f.write.integers(axes)], [attribute.int('keepdims', 1)])

/** @param kind 'layer' subtracts the mean */
export function normalOf(
  f: Formula,
  x: ValueName,
  axes: readonly number[],
  { kind, epsilon }: { readonly kind: 'layer' | 'rms'; readonly epsilon: number },
): Normal {
  const isCentered = kind === 'layer'
  const centered = isCentered ? f.sub(x, meanOver(f, x, axes)) : x
  const squares = f.write.add('ReduceSumSquare', [centered, f.write.integers(axes)])
  const variance = f.div(squares, countOf(f, x, squares))
  const inverse = f.of('Reciprocal', f.of('Sqrt', f.add(variance, epsilon)))
  return { axes, centered, inverse, isCentered }
}

/** dx of the normal part, from g; n is nowhere stored. */
export function throughNormal(f: Formula, { axes, inverse, centered, isCentered }: Normal, g: ValueName): ValueName {
  const along = f.mul(f.square(inverse), meanOver(f, f.mul(g, centered), axes))
  const across = isCentered ? f.sub(g, meanOver(f, g, axes)) : g
  return f.mul(inverse, f.sub(across, f.mul(centered, along)))
}

/** A vector of one entry per channel in a shape that broadcasts to [N, C, …]. */
export function asChannels<S extends AttributeSchema>(
  context: GradientContext<S>,
  vector: ValueName,
  like: ValueName,
): ValueName {
  const rank = shapeOf(context, like).length
  const shape = rank < 2 ? [-1] : [-1, ...new Array<number>(rank - 2).fill(1)]
  return context.write.add('Reshape', [vector, context.write.integers(shape)])
}

/** The gradient of a vector of channels: summed over all axes but the second. */
export function sumToChannels<S extends AttributeSchema>(
  context: GradientContext<S>,
  gradient: ValueName,
  vector: ValueName,
): ValueName {
  const rank = shapeOf(context, gradient).length
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1)
  const { write } = context
  const sum = write.add('ReduceSum', [gradient, write.integers(axes)], [attribute.int('keepdims', 0)])
  return rank < 2 ? reshapedLike(context, sum, vector) : sum
}

/** Gradients of the inputs x, scale and bias of a normalization of the last axes. */
export function gradientsOfRows<S extends AttributeSchema>(
  context: GradientContext<S>,
  f: Formula,
  { own, dy }: { readonly own: Normal; readonly dy: ValueName },
): (ValueName | undefined)[] {
  const { needs } = context
  const scale = context.input(1)
  const [dx, dScale, dBias] = [needs(0), needs(1), context.has(2) && needs(2)]
  return [
    dx ? throughNormal(f, own, f.mul(dy, scale)) : undefined,
    dScale ? sumTo(context, f.mul(dy, normalValue(f, own)), scale) : undefined,
    dBias ? sumTo(context, dy, context.input(2)) : undefined,
  ]
}

/**
 * Gradients of the inputs x, scale and bias where each row of `asRows` is normalized and scale and bias belong to channels.
 * @param asRows from [N, C, …] to [N, rows, …]
 */
export function gradientsOfGroups<S extends AttributeSchema>(
  context: GradientContext<S>,
  asRows: (value: ValueName) => ValueName,
  epsilon: number,
): (ValueName | undefined)[] {
  const [x, scale, bias] = [context.input(0), context.input(1), context.input(2)]
  const dy = context.gradient(0) as ValueName
  const f = formulaFor(context, x)
  const rows = asRows(x)
  const axes = shapeOf(context, rows).flatMap((_, axis) => (axis < 2 ? [] : [axis]))
  const own = normalOf(f, rows, axes, { kind: 'layer', epsilon })
  const back = (value: ValueName) => (rows === x ? value : reshapedLike(context, value, x))
  const g = f.mul(dy, asChannels(context, scale, x))
  return [
    context.needs(0) ? back(throughNormal(f, own, asRows(g))) : undefined,
    context.needs(1) ? sumToChannels(context, f.mul(dy, back(normalValue(f, own))), scale) : undefined,
    context.needs(2) ? sumToChannels(context, dy, bias) : undefined,
  ]
}
