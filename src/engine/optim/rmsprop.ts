import type { GraphWriter, ValueName } from '../../ops/gradient'
import { arithmetic } from '../build/arithmetic'
import type { Optimizer, UpdateInputs, UpdateResult } from './optimizer'
import { blend, checkOption, descend, scalar, state, withDecay, zeros } from './shared'

export interface RmspropOptions {
  /** Decay of the mean of squares. */
  readonly alpha?: number
  readonly epsilon?: number
  readonly momentum?: number
  /** Divide by the standard deviation instead of the root of the mean of squares. */
  readonly centered?: boolean
}

/**
 * Steps by the root of the mean of squared gradients. As torch.optim.RMSprop.
 * @throws UsageError for alpha or momentum outside [0, 1) and a negative epsilon
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options
  checkOption('rmsprop: alpha', alpha, [0, 1])
  checkOption('rmsprop: momentum', momentum, [0, 1])
  checkOption('rmsprop: epsilon', epsilon, [0, Infinity])
  const names = ['square_avg', ...(centered ? ['grad_avg'] : []), ...(momentum > 0 ? ['momentum_buffer'] : [])]
  return {
    name: 'rmsprop',
    scalarNames: ['rate'],
    scalars: (_, rate) => [rate],
    states: (shape) => new Map(names.map((one) => [one, zeros(shape)])),
    update: (write, given) => updated(write, given, { alpha, epsilon, momentum, centered }),
  }
}

/** s ← α·s + (1 − α)·g²; p ← p − rate · g / (√s + ε), or along b ← μ·b + g / (√s + ε) */
function updated(write: GraphWriter, given: UpdateInputs, rule: Required<RmspropOptions>): UpdateResult {
  const formulas = arithmetic(write)
  const { add, sub, mul, div, sqrt, square } = formulas
  const states = new Map<string, ValueName>()
  const keep = (name: string, value: ValueName) => {
    states.set(name, value)
    return value
  }
  const average = (name: string, next: ValueName) =>
    keep(name, blend(formulas, state(given, name), { next, beta: rule.alpha }))
  const gradient = withDecay(formulas, given)
  const squares = average('square_avg', square(gradient))
  const spread = rule.centered ? sub(squares, square(average('grad_avg', gradient))) : squares
  const direction = div(gradient, add(sqrt(spread), rule.epsilon))
  const along =
    rule.momentum > 0
      ? keep('momentum_buffer', add(mul(state(given, 'momentum_buffer'), rule.momentum), direction))
      : direction
  return { parameter: descend(formulas, given.parameter, { by: scalar(formulas, given, 'rate'), along }), states }
}
