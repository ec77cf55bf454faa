import { bool, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'bool', operator: 'Not', inputs: [bool([2, 3], [0, 1, 1, 0, 1, 0])] },
  { name: 'a scalar', operator: 'Not', inputs: [bool([], [1])] },
  { name: 'a zero-sized dimension', operator: 'Not', inputs: [bool([0, 3], [])] },
  {
    name: 'numbers',
    operator: 'Not',
    inputs: [wave([2])],
    error: { name: 'UnsupportedError', message: 'Not "tested": the engine does not compute it with float32 inputs' },
  },
]
