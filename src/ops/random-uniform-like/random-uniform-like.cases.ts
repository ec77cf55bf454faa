import { checkMoments } from '../../testing/check-random'
import { f32, f64, i32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'shape and type of the input',
    operator: 'RandomUniformLike',
    inputs: [f64([40, 50], new Array<number>(2000).fill(1))],
    check: (y) =>
      checkMoments(y, { dtype: 'float64', shape: [40, 50], mean: 0.5, deviation: Math.sqrt(1 / 12), low: 0, high: 1 }),
  },
  {
    name: 'another type, parameters, a seed',
    operator: 'RandomUniformLike',
    attributes: { dtype: 1, low: -1.5, high: 4.5, seed: 1.5 },
    inputs: [i32([2000], new Array<number>(2000).fill(1))],
    check: (y) =>
      checkMoments(y, { dtype: 'float32', shape: [2000], mean: 1.5, deviation: Math.sqrt(3), low: -1.5, high: 4.5 }),
  },
  // from an implementation of FNV-1a, splitmix32 and sfc32 of its own, in Python
  {
    name: 'a seed gives the same numbers everywhere',
    operator: 'RandomUniformLike',
    attributes: { seed: 7.5 },
    inputs: [f32([3], [1, 2, 3])],
    expected: [f32([3], [0.24995915591716766, 0.3444333076477051, 0.8966461420059204])],
  },
  { name: 'a scalar of size 0', operator: 'RandomUniformLike', inputs: [f32([0], [])], expected: [f32([0], [])] },
  {
    name: 'integers',
    operator: 'RandomUniformLike',
    inputs: [i32([2], [1, 2])],
    error: {
      name: 'UnsupportedError',
      message: 'RandomUniformLike "tested": the engine does not compute it with results of type int32',
    },
  },
]
