import { checkMoments } from '../../testing/check-random'
import { f32, i32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'two classes',
    operator: 'Multinomial',
    attributes: { sample_size: 2000 },
    inputs: [f32([1, 2], [Math.log(0.3) + 5, Math.log(0.7) + 5])],
    check: (y) =>
      checkMoments(y, { dtype: 'int32', shape: [1, 2000], mean: 0.7, deviation: Math.sqrt(0.21), low: 0, high: 1 }),
  },
  {
    name: 'int64 and a seed',
    operator: 'Multinomial',
    attributes: { sample_size: 1000, dtype: 7, seed: 2.5 },
    inputs: [f32([2, 3], [0, 0, 0, 0, 0, 0])],
    check: (y) =>
      checkMoments(y, { dtype: 'int64', shape: [2, 1000], mean: 1, deviation: Math.sqrt(2 / 3), low: 0, high: 2 }),
  },
  {
    name: 'certainties',
    operator: 'Multinomial',
    attributes: { sample_size: 4 },
    inputs: [f32([3, 3], [0, -Infinity, -Infinity, -1000, 0, -1000, -Infinity, -Infinity, 3])],
    expected: [i32([3, 4], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])],
  },
  { name: 'an empty batch', operator: 'Multinomial', inputs: [f32([0, 3], [])], expected: [i32([0, 1], [])] },
  {
    name: 'one axis',
    operator: 'Multinomial',
    inputs: [f32([3], [1, 2, 3])],
    error: {
      name: 'ShapeError',
      message: 'Multinomial "tested": the input has 1 axes, and [batch, classes] are expected',
    },
  },
  {
    name: 'no class',
    operator: 'Multinomial',
    inputs: [f32([1, 0], [])],
    error: { name: 'ShapeError', message: 'Multinomial "tested": there is no class to draw' },
  },
  {
    name: 'no sample',
    operator: 'Multinomial',
    attributes: { sample_size: 0 },
    inputs: [f32([1, 2], [0, 1])],
    error: { name: 'ShapeError', message: 'Multinomial "tested": sample_size 0 must be at least 1' },
  },
  {
    name: 'float32 results',
    operator: 'Multinomial',
    attributes: { dtype: 1 },
    inputs: [f32([1, 2], [0, 1])],
    error: {
      name: 'UnsupportedError',
      message: 'Multinomial "tested": the engine does not compute it with results of type float32',
    },
  },
]
