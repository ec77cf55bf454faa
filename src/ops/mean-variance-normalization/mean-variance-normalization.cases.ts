import { wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'defaults', operator: 'MeanVarianceNormalization', inputs: [wave([2, 3, 2, 4])] },
  {
    name: 'other axes',
    operator: 'MeanVarianceNormalization',
    attributes: { axes: [1, -1] },
    inputs: [wave([2, 3, 4])],
  },
]
