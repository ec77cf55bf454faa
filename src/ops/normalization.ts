/** What normalizations share: moments of runs of elements, in double precision and as kernel calls. */
import type { KernelCall, Operand } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import type { AttributeSchema } from './attributes'
import { binary, constant, unary } from './elementwise'
import type { LowerContext } from './op'
import { reduceCalls } from './reduce'

export interface Moments {
  readonly mean: number
  /** Of the whole, not of a sample. */
  readonly variance: number
}

/** Of `count` elements from `start` on, `step` apart. */
export function momentsOf(values: ArrayLike<number>, start: number, count: number, step = 1): Moments {
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[start + i * step] as number
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += ((values[start + i * step] as number) - mean) ** 2
  return { mean, variance: squares / count }
}

/** The mean of the squares. */
export function meanSquare(values: ArrayLike<number>, start: number, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += (values[start + i] as number) ** 2
  return sum / count
}

/** Moments as operands, each axis that they are taken over of size 1. */
export interface LoweredMoments {
  readonly calls: readonly KernelCall[]
  readonly mean: Operand
  readonly variance: Operand
  /** x − mean, in the shape of x. */
  readonly centered: Operand
}

/** Mean and variance of float32 over any axes; x has elements. */
export function lowerMoments<S extends AttributeSchema>(
  context: LowerContext<S>,
  x: Operand,
  axes: readonly number[],
): LoweredMoments {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const [mean, squares, variance] = [kept, kept, kept].map((shape) => context.scratch('float32', shape)) as [
    Operand,
    Operand,
    Operand,
  ]
  const centered = context.scratch('float32', x.shape)
  const count = elementCount(x.shape) / elementCount(kept)
  const difference = binary('sub', { input: 0 }, { input: 1 })
  const quotient = binary('mul', { input: 0 }, constant(1 / count))
  const calls: KernelCall[] = [
    ...reduceCalls(context, 'mean', [x, mean], axes)!,
    { kernel: 'map', expression: difference, inputs: [x, mean], output: centered },
    ...reduceCalls(context, 'sumSquare', [centered, squares], axes)!,
    { kernel: 'map', expression: quotient, inputs: [squares], output: variance },
  ]
  return { calls, mean, variance, centered }
}

/** 1 / √(variance + ε) of an operand that a formula reads as its input `at`. */
export const inverseDeviation = (at: number, epsilon: number) =>
  unary('reciprocal', unary('sqrt', binary('add', { input: at }, constant(epsilon))))
