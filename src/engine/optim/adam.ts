import type { GraphWriter, ValueName } from '../../ops/gradient'
import { arithmetic } from '../build/arithmetic'
import type { Optimizer, UpdateInputs, UpdateResult } from './optimizer'
import { blend, checkOption, descend, scalar, state, withDecay, zeros } from './shared'

export interface AdamOptions {
  /** Decay of the first and of the second moment. */
  readonly betas?: readonly [number, number]
  readonly epsilon?: number
  /** The largest second moment so far instead of the last one (Reddi et al., ICLR 2018, algorithm 2). */
  readonly amsgrad?: boolean
}

/**
 * Adam (Kingma & Ba, arXiv:1412.6980v9, algorithm 1). As torch.optim.Adam; weight decay is a part of the gradient.
 * @throws UsageError for betas outside [0, 1) and a negative epsilon
 */
export const adam = (options: AdamOptions = {}): Optimizer => adaptive('adam', options, false)

/** Adam with decoupled weight decay (Loshchilov & Hutter, arXiv:1711.05101v3, algorithm 2). As torch.optim.AdamW. */
export const adamw = (options: AdamOptions = {}): Optimizer => adaptive('adamw', options, true)

interface Rule {
  readonly betas: readonly [number, number]
  readonly epsilon: number
  readonly amsgrad: boolean
  readonly isDecoupled: boolean
}

function adaptive(name: string, options: AdamOptions, isDecoupled: boolean): Optimizer {
  const { betas = [0.9, 0.999], epsilon = 1e-8, amsgrad = false } = options
  const [beta1, beta2] = betas
  checkOption(`${name}: the first beta`, beta1, [0, 1])
  checkOption(`${name}: the second beta`, beta2, [0, 1])
  checkOption(`${name}: epsilon`, epsilon, [0, Infinity])
  const names = ['exp_avg', 'exp_avg_sq', ...(amsgrad ? ['max_exp_avg_sq'] : [])]
  return {
    name,
    // 'rate' only where the decay reads it: moments are corrected by what the host computes
    scalarNames: isDecoupled ? ['step_size', 'scale', 'rate'] : ['step_size', 'scale'],
    scalars(step, rate) {
      const corrected = [rate / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)]
      return isDecoupled ? [...corrected, rate] : corrected
    },
    states: (shape) => new Map(names.map((one) => [one, zeros(shape)])),
    update: (write, given) => updated(write, given, { betas, epsilon, amsgrad, isDecoupled }),
  }
}

/** m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; p ← p − step_size · m / (√v · scale + ε) */
function updated(write: GraphWriter, given: UpdateInputs, rule: Rule): UpdateResult {
  const formulas = arithmetic(write)
  const { add, mul, div, sqrt, square, max } = formulas
  const [beta1, beta2] = rule.betas
  const gradient = rule.isDecoupled ? given.gradient : withDecay(formulas, given)
  const first = blend(formulas, state(given, 'exp_avg'), { next: gradient, beta: beta1 })
  const second = blend(formulas, state(given, 'exp_avg_sq'), { next: square(gradient), beta: beta2 })
  const largest = rule.amsgrad ? max(state(given, 'max_exp_avg_sq'), second) : undefined
  const scale = given.scalars.get('scale') ?? 1
  const root = add(mul(sqrt(largest ?? second), scale), rule.epsilon)
  const parameter = rule.isDecoupled ? decayed(write, given) : given.parameter
  const states: [string, ValueName][] = [
    ['exp_avg', first],
    ['exp_avg_sq', second],
  ]
  return {
    parameter: descend(formulas, parameter, { by: scalar(formulas, given, 'step_size'), along: div(first, root) }),
    states: new Map(largest ? [...states, ['max_exp_avg_sq', largest]] : states),
  }
}

/** p · (1 − rate·λ) */
function decayed(write: GraphWriter, given: UpdateInputs): ValueName {
  if (given.weightDecay === 0) return given.parameter
  const formulas = arithmetic(write)
  const { mul, sub } = formulas
  return mul(given.parameter, sub(1, mul(scalar(formulas, given, 'rate'), given.weightDecay)))
}
