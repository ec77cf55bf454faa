import { checkMoments } from '../../testing/check-random'
import { f32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'the defaults',
    operator: 'RandomUniform',
    attributes: { shape: [40, 50] },
    inputs: [],
    check: (y) =>
      checkMoments(y, { dtype: 'float32', shape: [40, 50], mean: 0.5, deviation: Math.sqrt(1 / 12), low: 0, high: 1 }),
  },
  {
    name: 'parameters and a seed',
    operator: 'RandomUniform',
    attributes: { shape: [7, 300], low: -1.5, high: 4.5, seed: 1.5 },
    inputs: [],
    check: (y) =>
      checkMoments(y, { dtype: 'float32', shape: [7, 300], mean: 1.5, deviation: Math.sqrt(3), low: -1.5, high: 4.5 }),
  },
  {
    name: 'float64',
    operator: 'RandomUniform',
    attributes: { shape: [2000], dtype: 11 },
    inputs: [],
    check: (y) =>
      checkMoments(y, { dtype: 'float64', shape: [2000], mean: 0.5, deviation: Math.sqrt(1 / 12), low: 0, high: 1 }),
  },
  {
    name: 'float16',
    operator: 'RandomUniform',
    attributes: { shape: [2000], dtype: 10 },
    inputs: [],
    check: (y) =>
      checkMoments(y, { dtype: 'float16', shape: [2000], mean: 0.5, deviation: Math.sqrt(1 / 12), low: 0, high: 1 }),
  },
  // from an implementation of FNV-1a, splitmix32 and sfc32 of its own, in Python
  {
    name: 'a seed gives the same numbers everywhere',
    operator: 'RandomUniform',
    attributes: { shape: [3], seed: 7.5 },
    inputs: [],
    expected: [f32([3], [0.24995915591716766, 0.3444333076477051, 0.8966461420059204])],
  },
  {
    name: 'a zero-sized dimension',
    operator: 'RandomUniform',
    attributes: { shape: [0, 3] },
    inputs: [],
    expected: [f32([0, 3], [])],
  },
  {
    name: 'integers',
    operator: 'RandomUniform',
    attributes: { shape: [2], dtype: 6 },
    inputs: [],
    error: {
      name: 'UnsupportedError',
      message: 'RandomUniform "tested": the engine does not compute it with results of type int32',
    },
  },
  {
    name: 'a negative size',
    operator: 'RandomUniform',
    attributes: { shape: [2, -1] },
    inputs: [],
    error: { name: 'ShapeError', message: 'RandomUniform "tested": the shape [2, -1] has a negative size' },
  },
]
