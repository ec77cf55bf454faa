import { constant, i64, type OperatorCase } from '../../testing/operator-cases'

import { tensorFromBytes } from '../../graph/model'

const value = { tensor: tensorFromBytes('value', 'int64', [1], new Uint8Array(new BigInt64Array([-5n]).buffer)) }
const pair = { tensor: tensorFromBytes('value', 'float32', [2], new Uint8Array(8)) }

export const cases: readonly OperatorCase[] = [
  { name: 'zeros', operator: 'ConstantOfShape', inputs: [i64([2], [2, 3])] },
  { name: 'a value', operator: 'ConstantOfShape', attributes: { value }, inputs: [constant(i64([1], [4]))] },
  { name: 'a scalar', operator: 'ConstantOfShape', attributes: { value }, inputs: [i64([0], [])] },
  { name: 'a size of 0', operator: 'ConstantOfShape', inputs: [i64([3], [2, 0, 3])] },
  {
    name: 'a negative size',
    operator: 'ConstantOfShape',
    inputs: [i64([2], [2, -1])],
    error: { name: 'ShapeError', message: 'ConstantOfShape "tested": the size -1 is negative' },
  },
  {
    name: 'two values',
    operator: 'ConstantOfShape',
    attributes: { value: pair },
    inputs: [i64([1], [2])],
    error: { name: 'ShapeError', message: 'its value must be one element, not 2' },
  },
]
