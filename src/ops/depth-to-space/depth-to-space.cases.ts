import { u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'depth, column, row', operator: 'DepthToSpace', attributes: { blocksize: 2 }, inputs: [wave([1, 8, 2, 3])] },
  {
    name: 'column, row, depth',
    operator: 'DepthToSpace',
    attributes: { blocksize: 2, mode: 'CRD' },
    inputs: [wave([1, 8, 2, 3])],
  },
  { name: 'blocks of 3', operator: 'DepthToSpace', attributes: { blocksize: 3 }, inputs: [wave([2, 9, 1, 2])] },
  { name: 'opset 7', operator: 'DepthToSpace', opset: 7, attributes: { blocksize: 2 }, inputs: [wave([2, 4, 1, 2])] },
  { name: 'bytes', operator: 'DepthToSpace', attributes: { blocksize: 2 }, inputs: [u8([1, 4, 1, 1], [9, 8, 7, 6])] },
  {
    name: 'channels that do not fit',
    operator: 'DepthToSpace',
    attributes: { blocksize: 2 },
    inputs: [wave([1, 6, 1, 1])],
    error: { name: 'ShapeError', message: 'DepthToSpace "tested": 6 channels cannot be cut into blocks of 4' },
  },
  {
    name: 'three axes',
    operator: 'DepthToSpace',
    attributes: { blocksize: 2 },
    inputs: [wave([4, 1, 1])],
    error: { name: 'ShapeError', message: 'the input must have 4 axes, not 3' },
  },
  {
    name: 'no blocks',
    operator: 'DepthToSpace',
    attributes: { blocksize: 0 },
    inputs: [wave([1, 4, 1, 1])],
    error: { name: 'ShapeError', message: 'the block size 0 must be at least 1' },
  },
]
