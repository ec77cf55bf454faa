import { checkMoments } from '../../testing/check-random'
import { f32, f64, i32, i64, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'a share of ones',
    operator: 'Bernoulli',
    inputs: [f32([40, 50], new Array<number>(2000).fill(0.3))],
    check: (y) =>
      checkMoments(y, { dtype: 'float32', shape: [40, 50], mean: 0.3, deviation: Math.sqrt(0.21), low: 0, high: 1 }),
  },
  {
    name: 'another type and a seed',
    operator: 'Bernoulli',
    attributes: { dtype: 6, seed: 2.5 },
    inputs: [f32([40, 50], new Array<number>(2000).fill(0.75))],
    check: (y) =>
      checkMoments(y, { dtype: 'int32', shape: [40, 50], mean: 0.75, deviation: Math.sqrt(0.1875), low: 0, high: 1 }),
  },
  {
    name: 'bool',
    operator: 'Bernoulli',
    attributes: { dtype: 9 },
    inputs: [f32([40, 50], new Array<number>(2000).fill(0.5))],
    check: (y) => checkMoments(y, { dtype: 'bool', shape: [40, 50], mean: 0.5, deviation: 0.5, low: 0, high: 1 }),
  },
  {
    name: 'certainties',
    operator: 'Bernoulli',
    inputs: [f32([2, 2], [0, 1, 1, 0])],
    expected: [f32([2, 2], [0, 1, 1, 0])],
  },
  {
    name: 'certainties as int64',
    operator: 'Bernoulli',
    attributes: { dtype: 7 },
    inputs: [f64([3], [1, 0, 1])],
    expected: [i64([3], [1, 0, 1])],
  },
  { name: 'a zero-sized dimension', operator: 'Bernoulli', inputs: [f32([0], [])], expected: [f32([0], [])] },
  {
    name: 'integers',
    operator: 'Bernoulli',
    inputs: [i32([1], [1])],
    error: {
      name: 'UnsupportedError',
      message: 'Bernoulli "tested": the engine does not compute it with int32 inputs',
    },
  },
]
