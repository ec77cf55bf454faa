import { wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'three channels',
    operator: 'LRN',
    attributes: { size: 3, alpha: { float: 0.5 }, beta: { float: 0.75 }, bias: { float: 2 } },
    inputs: [wave([1, 5, 2, 3])],
  },
  { name: 'defaults', operator: 'LRN', attributes: { size: 5 }, inputs: [wave([2, 4, 2, 2])] },
]
