import { f32, f64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'both signs', operator: 'DynamicQuantizeLinear', inputs: [wave([3, 5])], outputs: 3 },
  {
    name: 'only positive',
    operator: 'DynamicQuantizeLinear',
    inputs: [f32([2, 3], [1, 2.1, 1.3, 2.5, 3.34, 4])],
    outputs: 3,
  },
  {
    name: 'only negative',
    operator: 'DynamicQuantizeLinear',
    inputs: [f32([2, 3], [-1, -2.1, -1.3, -2.5, -3.34, -4])],
    outputs: 3,
  },
  { name: 'all zeros', operator: 'DynamicQuantizeLinear', inputs: [f32([2], [0, 0])], outputs: 3 },
  { name: 'one element', operator: 'DynamicQuantizeLinear', inputs: [f32([1], [-3])], outputs: 3 },
  { name: 'ties', operator: 'DynamicQuantizeLinear', inputs: [f32([5], [-127, 127.5, 0.5, 1.5, 128])], outputs: 3 },
  {
    name: 'float64',
    operator: 'DynamicQuantizeLinear',
    inputs: [f64([2], [1, 2])],
    outputs: 3,
    error: {
      name: 'UnsupportedError',
      message: 'DynamicQuantizeLinear "tested": the engine does not compute it with float64 inputs',
    },
  },
]
