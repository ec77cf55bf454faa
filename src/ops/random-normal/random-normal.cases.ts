import { checkMoments } from '../../testing/check-random'
import { f32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'the defaults',
    operator: 'RandomNormal',
    attributes: { shape: [40, 50] },
    inputs: [],
    check: (y) => checkMoments(y, { dtype: 'float32', shape: [40, 50], mean: 0, deviation: 1 }),
  },
  {
    name: 'parameters and a seed',
    operator: 'RandomNormal',
    attributes: { shape: [7, 300], mean: 3.5, scale: 0.5, seed: 1.5 },
    inputs: [],
    check: (y) => checkMoments(y, { dtype: 'float32', shape: [7, 300], mean: 3.5, deviation: 0.5 }),
  },
  {
    name: 'float64',
    operator: 'RandomNormal',
    attributes: { shape: [2000], dtype: 11 },
    inputs: [],
    check: (y) => checkMoments(y, { dtype: 'float64', shape: [2000], mean: 0, deviation: 1 }),
  },
  {
    name: 'float16',
    operator: 'RandomNormal',
    attributes: { shape: [2000], dtype: 10 },
    inputs: [],
    check: (y) => checkMoments(y, { dtype: 'float16', shape: [2000], mean: 0, deviation: 1 }),
  },
  // from an implementation of FNV-1a, splitmix32 and sfc32 of its own, in Python
  {
    name: 'a seed gives the same numbers everywhere',
    operator: 'RandomNormal',
    attributes: { shape: [3], seed: 7.5 },
    inputs: [],
    expected: [f32([3], [-1.2355533838272095, -0.5427283048629761, -0.7487159967422485])],
  },
  {
    name: 'a zero-sized dimension',
    operator: 'RandomNormal',
    attributes: { shape: [0, 3] },
    inputs: [],
    expected: [f32([0, 3], [])],
  },
  {
    name: 'integers',
    operator: 'RandomNormal',
    attributes: { shape: [2], dtype: 6 },
    inputs: [],
    error: {
      name: 'UnsupportedError',
      message: 'RandomNormal "tested": the engine does not compute it with results of type int32',
    },
  },
  {
    name: 'a negative size',
    operator: 'RandomNormal',
    attributes: { shape: [2, -1] },
    inputs: [],
    error: { name: 'ShapeError', message: 'RandomNormal "tested": the shape [2, -1] has a negative size' },
  },
]
