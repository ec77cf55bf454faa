import { checkMoments } from '../../testing/check-random'
import { f32, f64, i32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'shape and type of the input',
    operator: 'RandomNormalLike',
    inputs: [f64([40, 50], new Array<number>(2000).fill(1))],
    check: (y) => checkMoments(y, { dtype: 'float64', shape: [40, 50], mean: 0, deviation: 1 }),
  },
  {
    name: 'another type, parameters, a seed',
    operator: 'RandomNormalLike',
    attributes: { dtype: 1, mean: 3.5, scale: 0.5, seed: 1.5 },
    inputs: [i32([2000], new Array<number>(2000).fill(1))],
    check: (y) => checkMoments(y, { dtype: 'float32', shape: [2000], mean: 3.5, deviation: 0.5 }),
  },
  // from an implementation of FNV-1a, splitmix32 and sfc32 of its own, in Python
  {
    name: 'a seed gives the same numbers everywhere',
    operator: 'RandomNormalLike',
    attributes: { seed: 7.5 },
    inputs: [f32([3], [1, 2, 3])],
    expected: [f32([3], [-1.2355533838272095, -0.5427283048629761, -0.7487159967422485])],
  },
  { name: 'a scalar of size 0', operator: 'RandomNormalLike', inputs: [f32([0], [])], expected: [f32([0], [])] },
  {
    name: 'integers',
    operator: 'RandomNormalLike',
    inputs: [i32([2], [1, 2])],
    error: {
      name: 'UnsupportedError',
      message: 'RandomNormalLike "tested": the engine does not compute it with results of type int32',
    },
  },
]
