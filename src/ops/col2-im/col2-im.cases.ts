import { constant, i64, wave, type CaseInput, type OperatorCase } from '../../testing/operator-cases'

const operator = 'Col2Im'
const list = (...values: number[]): CaseInput => constant(i64([values.length], values))

export const cases: readonly OperatorCase[] = [
  {
    name: 'blocks side by side',
    operator,
    inputs: [wave([1, 8, 4]), list(4, 4), list(2, 2)],
    attributes: { strides: [2, 2] },
  },
  {
    name: 'blocks that overlap',
    operator,
    inputs: [wave([2, 6, 6]), list(3, 4), list(2, 3)],
    attributes: { pads: [0, 0, 1, 0] },
  },
  {
    name: 'strides, dilations, padding',
    operator,
    attributes: { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 0, 1] },
    inputs: [wave([1, 4, 8]), list(4, 5), list(2, 2)],
  },
  { name: 'three axes', operator, inputs: [wave([1, 4, 12]), list(2, 3, 4), list(1, 2, 2)] },
  {
    name: 'int64',
    operator,
    inputs: [i64([1, 2, 2], [1, 2n ** 60n, 3, 4]), list(1, 3), list(1, 2)],
    // onnxruntime adds floats only
    expected: [i64([1, 1, 1, 3], [1, 2n ** 60n + 3n, 4])],
  },
  { name: 'shapes that are inputs', operator, inputs: [wave([1, 8, 4]), i64([2], [3, 3]), i64([2], [2, 2])] },
  {
    name: 'too many blocks',
    operator,
    inputs: [wave([1, 4, 5]), list(3, 3), list(2, 2)],
    error: { name: 'ShapeError', message: 'Col2Im "tested": 4 blocks lie in the image, and the input has 5' },
  },
  {
    name: 'rows that do not fit',
    operator,
    inputs: [wave([1, 5, 4]), list(3, 3), list(2, 2)],
    error: { name: 'ShapeError', message: '5 rows are not a multiple of the 4 elements of a block' },
  },
]
