import { UsageError } from '../../core/errors'
import { arithmetic } from '../build/arithmetic'
import type { Optimizer, UpdateInputs, UpdateResult } from './optimizer'
import type { GraphWriter } from '../../ops/gradient'
import { checkOption, descend, scalar, state, withDecay, zeros } from './shared'

export interface SgdOptions {
  readonly momentum?: number
  /** The share of a new gradient that momentum does not take; the first one is taken whole. */
  readonly dampening?: number
  readonly nesterov?: boolean
}

/**
 * Stochastic gradient descent. As torch.optim.SGD: b ← μ·b + (1 − τ)·g; p ← p − rate · (g + μ·b with Nesterov, else b).
 * @throws UsageError for momentum or dampening outside [0, 1), and Nesterov without momentum or with dampening
 */
export function sgd({ momentum = 0, dampening = 0, nesterov = false }: SgdOptions = {}): Optimizer {
  checkOption('sgd: momentum', momentum, [0, 1])
  checkOption('sgd: dampening', dampening, [0, 1])
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new UsageError('sgd: Nesterov needs a momentum above 0 and no dampening.')
  }
  const isDamped = momentum > 0 && dampening > 0
  return {
    name: 'sgd',
    scalarNames: isDamped ? ['rate', 'fresh'] : ['rate'],
    scalars: (step, rate) => (isDamped ? [rate, step === 1 ? 1 : 1 - dampening] : [rate]),
    states: (shape) => new Map(momentum === 0 ? [] : [['momentum_buffer', zeros(shape)]]),
    update: (write, given) => updated(write, given, { momentum, dampening, nesterov }),
  }
}

function updated(write: GraphWriter, given: UpdateInputs, options: Required<SgdOptions>): UpdateResult {
  const { momentum, dampening, nesterov } = options
  const formulas = arithmetic(write)
  const { add, mul } = formulas
  const gradient = withDecay(formulas, given)
  const by = scalar(formulas, given, 'rate')
  if (momentum === 0) {
    return { parameter: descend(formulas, given.parameter, { by, along: gradient }), states: new Map() }
  }
  // not `scalar`: it is no rate
  const fresh = dampening === 0 ? gradient : mul(gradient, given.scalars.get('fresh') ?? 1)
  const buffer = add(mul(state(given, 'momentum_buffer'), momentum), fresh)
  const along = nesterov ? add(gradient, mul(buffer, momentum)) : buffer
  return {
    parameter: descend(formulas, given.parameter, { by, along }),
    states: new Map([['momentum_buffer', buffer]]),
  }
}
