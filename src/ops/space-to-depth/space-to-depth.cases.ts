import { wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'blocks of 2', operator: 'SpaceToDepth', attributes: { blocksize: 2 }, inputs: [wave([1, 2, 4, 6])] },
  { name: 'blocks of 3', operator: 'SpaceToDepth', attributes: { blocksize: 3 }, inputs: [wave([2, 1, 3, 6])] },
  { name: 'opset 7', operator: 'SpaceToDepth', opset: 7, attributes: { blocksize: 2 }, inputs: [wave([2, 3, 2, 2])] },
  {
    name: 'a size that does not fit',
    operator: 'SpaceToDepth',
    attributes: { blocksize: 2 },
    inputs: [wave([1, 1, 2, 3])],
    error: { name: 'ShapeError', message: 'SpaceToDepth "tested": the size 3 cannot be cut into blocks of 2' },
  },
  {
    name: 'three axes',
    operator: 'SpaceToDepth',
    attributes: { blocksize: 2 },
    inputs: [wave([4, 2, 2])],
    error: { name: 'ShapeError', message: 'the input must have 4 axes, not 3' },
  },
  {
    name: 'no blocks',
    operator: 'SpaceToDepth',
    attributes: { blocksize: 0 },
    inputs: [wave([1, 4, 1, 1])],
    error: { name: 'ShapeError', message: 'the block size 0 must be at least 1' },
  },
]
