import { buildGraph, node } from '../../testing/build-model'
import { bool, constant, i64, type OperatorCase } from '../../testing/operator-cases'
import { f32 } from '../../testing/build-model'

const branch = (name: string, shape: readonly number[], values: readonly number[]) =>
  buildGraph({
    name,
    nodes: [node('Constant', '', `${name}_value`, { value: { tensor: { ...f32(shape, values), name: 'v' } } })],
    outputs: { [`${name}_value`]: ['float32', shape] },
  })

const branches = { then_branch: branch('yes', [2], [1.5, -2]), else_branch: branch('no', [3], [0.25, 7, -1]) }

export const cases: readonly OperatorCase[] = [
  { name: 'yes', operator: 'If', attributes: branches, inputs: [bool([], [1])] },
  { name: 'no, of another shape', operator: 'If', attributes: branches, inputs: [bool([], [0])] },
  { name: 'a known condition', operator: 'If', attributes: branches, inputs: [constant(bool([1], [0]))] },
  {
    name: 'a condition that is no bool',
    operator: 'If',
    attributes: branches,
    inputs: [i64([], [1])],
    error: { name: 'ShapeError', message: /If "tested": the condition must be bool, not int64/ },
  },
]
