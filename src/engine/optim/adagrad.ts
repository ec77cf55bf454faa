import { arithmetic } from '../build/arithmetic'
import type { Optimizer } from './optimizer'
import { checkOption, descend, filled, scalar, state, withDecay } from './shared'

export interface AdagradOptions {
  /** The rate is divided by 1 + (step − 1) · rateDecay. */
  readonly rateDecay?: number
  /** What the sum of squares begins with. */
  readonly initial?: number
  readonly epsilon?: number
}

/**
 * Steps by the root of the sum of squared gradients (Duchi et al., JMLR 12, 2011). As torch.optim.Adagrad.
 * @throws UsageError for negative options
 */
export function adagrad({ rateDecay = 0, initial = 0, epsilon = 1e-10 }: AdagradOptions = {}): Optimizer {
  checkOption('adagrad: rateDecay', rateDecay, [0, Infinity])
  checkOption('adagrad: initial', initial, [0, Infinity])
  checkOption('adagrad: epsilon', epsilon, [0, Infinity])
  return {
    name: 'adagrad',
    scalarNames: ['rate'],
    scalars: (step, rate) => [rate / (1 + (step - 1) * rateDecay)],
    states: (shape) => new Map([['sum', filled(shape, initial)]]),
    update(write, given) {
      const formulas = arithmetic(write)
      const { add, div, sqrt, square } = formulas
      const gradient = withDecay(formulas, given)
      const sum = add(state(given, 'sum'), square(gradient))
      const along = div(gradient, add(sqrt(sum), epsilon))
      const parameter = descend(formulas, given.parameter, { by: scalar(formulas, given, 'rate'), along })
      return { parameter, states: new Map([['sum', sum]]) }
    },
  }
}
