import { type OperatorCase } from '../../testing/operator-cases'

import { tensorFromBytes } from '../../graph/model'

const bytes = new Uint8Array(new Int16Array([3, -7, 300, 0, 5, 1]).buffer)
const value = { tensor: tensorFromBytes('value', 'int16', [2, 3], bytes) }

export const cases: readonly OperatorCase[] = [
  { name: 'a tensor', operator: 'Constant', attributes: { value }, inputs: [] },
  { name: 'a number', operator: 'Constant', attributes: { value_float: { float: 1.3 } }, inputs: [] },
  { name: 'numbers', operator: 'Constant', attributes: { value_floats: { floats: [1.5, -2] } }, inputs: [] },
  { name: 'a whole number', operator: 'Constant', attributes: { value_int: -3 }, inputs: [] },
  { name: 'whole numbers', operator: 'Constant', attributes: { value_ints: [7, 0, -1] }, inputs: [] },
  { name: 'opset 9', operator: 'Constant', opset: 9, attributes: { value }, inputs: [] },
  {
    name: 'two values',
    operator: 'Constant',
    attributes: { value_int: 1, value_float: { float: 1 } },
    inputs: [],
    error: { name: 'ShapeError', message: 'Constant "tested": one value must be given, not 2' },
  },
  {
    name: 'a text',
    operator: 'Constant',
    attributes: { value_string: 'a' },
    inputs: [],
    error: { name: 'UnsupportedError', message: 'Constant "tested": the engine does not compute it with texts' },
  },
]
