/** Gradients that are too large are cut before the optimizer sees them. */
import type { GraphWriter, ValueName } from '../../ops/gradient'
import { attribute } from '../../graph/model'
import { arithmetic } from '../build/arithmetic'

export interface Clipped {
  readonly gradients: readonly ValueName[]
  /** Of all gradients together, before they were cut; a float32 scalar. */
  readonly norm: ValueName
}

/** √Σ g² over all elements of all values: a scalar. */
export function globalNorm(write: GraphWriter, values: readonly ValueName[]): ValueName {
  const squares = values.map((value) => write.add('ReduceSumSquare', [value], [attribute.int('keepdims', 0)]))
  return write.add('Sqrt', [squares.length === 1 ? squares[0] : write.add('Sum', squares)])
}

/**
 * Scales all gradients by one factor, so that their norm is at most `most` (Pascanu et al., arXiv:1211.5063v2, algorithm 1).
 * As torch.nn.utils.clip_grad_norm_.
 */
export function clipByNorm(write: GraphWriter, gradients: readonly ValueName[], most: number): Clipped {
  const { add, div, min, mul } = arithmetic(write)
  const norm = globalNorm(write, gradients)
  const factor = min(div(most, add(norm, 1e-6)), 1)
  return { gradients: gradients.map((gradient) => mul(gradient, factor)), norm }
}

/** Cuts every element at ±`most`. As torch.nn.utils.clip_grad_value_. */
export function clipByValue(write: GraphWriter, gradients: readonly ValueName[], most: number): readonly ValueName[] {
  const { clamp } = arithmetic(write)
  return gradients.map((gradient) => clamp(gradient, -most, most))
}
