import { bool, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'all combinations', operator: 'Or', inputs: [bool([4], [0, 0, 1, 1]), bool([4], [0, 1, 0, 1])] },
  { name: 'broadcast both ways', operator: 'Or', inputs: [bool([3, 1], [0, 1, 1]), bool([2], [0, 1])] },
  { name: 'scalars', operator: 'Or', inputs: [bool([], [1]), bool([], [0])] },
  { name: 'a zero-sized dimension', operator: 'Or', inputs: [bool([0, 2], []), bool([1], [1])] },
  {
    name: 'numbers',
    operator: 'Or',
    inputs: [wave([2]), wave([2])],
    error: { name: 'UnsupportedError', message: 'Or "tested": the engine does not compute it with float32 inputs' },
  },
]
