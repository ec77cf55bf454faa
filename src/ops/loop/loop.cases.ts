import { buildGraph, node } from '../../testing/build-model'
import { bool, f32, i64, type OperatorCase } from '../../testing/operator-cases'

/** sum += step + 0.5; goes on while sum < 20; scans the sum. */
const body = buildGraph({
  name: 'body',
  inputs: { step: ['int64', []], going: ['bool', []], sum: ['float32', [2]] },
  outputs: { on: ['bool', []], next: ['float32', [2]], seen: ['float32', [2]] },
  initializers: {},
  nodes: [
    node('Cast', 'step', 'as_float', { to: 1 }),
    node('Add', 'sum as_float', 'next'),
    node('ReduceSum', 'next', 'total', { keepdims: 0 }),
    node('Constant', '', 'limit', { value_float: { float: 20 } }),
    node('Less', 'total limit', 'on'),
    node('Identity', 'next', 'seen'),
  ],
})

const endless = buildGraph({
  name: 'body',
  inputs: { step: ['int64', []], going: ['bool', []] },
  outputs: { going: ['bool', []] },
  nodes: [],
})

export const cases: readonly OperatorCase[] = [
  {
    name: 'ends by its count',
    operator: 'Loop',
    attributes: { body },
    inputs: [i64([], [3]), bool([], [1]), f32([2], [0.5, -1])],
    outputs: 2,
  },
  {
    name: 'ends by its condition',
    operator: 'Loop',
    attributes: { body },
    inputs: [i64([], [100]), null, f32([2], [0.5, 1])],
    outputs: 2,
  },
  {
    name: 'no step at all',
    operator: 'Loop',
    attributes: { body },
    inputs: [i64([], [0]), bool([], [1]), f32([2], [0.5, 1])],
    outputs: 2,
  },
  {
    name: 'without end',
    operator: 'Loop',
    attributes: { body: endless },
    inputs: [null, bool([], [1])],
    outputs: 0,
    error: { name: 'UnsupportedError', message: /Loop "tested".*not ended after 1000000 steps/ },
  },
]
