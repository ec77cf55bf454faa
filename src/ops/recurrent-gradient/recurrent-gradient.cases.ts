import { f32, i32, type CaseInput, type OperatorCase } from '../../testing/operator-cases'

const operator = 'ai.plume:RecurrentGradient'
const RNN = { kind: 'RNN', activations: ['Tanh'] }
const LSTM = { kind: 'LSTM', activations: ['Sigmoid', 'Tanh', 'Tanh'] }

/** One step, one sequence, one hidden number. */
const one = (...values: readonly number[]): CaseInput => f32([1, 1, values.length], values)

export const cases: readonly OperatorCase[] = [
  {
    // arguments of 0: the slope of tanh is 1; 3 + 2·(5 + 2·0) and so on
    name: 'RNN, three steps of two sequences',
    ...{ operator, attributes: RNN, outputs: 2 },
    inputs: [
      f32([3, 2, 1], [0, 0, 0, 0, 0, 0]),
      f32([1, 1], [2]),
      f32([3, 2, 1], [0, 0, 0, 0, 0, 0]),
      ...[null, null, null, null],
      f32([3, 2, 1], [1, -1, 3, 4, 5, 0]),
    ],
    expected: [f32([3, 2, 1], [27, 7, 13, 4, 5, 0]), f32([2, 1], [54, 14])],
  },
  {
    name: 'RNN, backwards, lengths that differ, the last state as well',
    ...{ operator, attributes: { ...RNN, is_reverse: 1 }, outputs: 2 },
    inputs: [
      f32([2, 3, 1], [0, 0, 0, 0, 0, 0]),
      f32([1, 1], [2]),
      f32([2, 3, 1], [0, 0, 0, 0, 0, 0]),
      ...[null, null, null],
      i32([3], [2, 1, 0]),
      f32([2, 3, 1], [1, 1, 1, 10, 10, 10]),
      f32([3, 1], [100, 100, 100]),
    ],
    expected: [f32([2, 3, 1], [101, 101, 0, 212, 0, 0]), f32([3, 1], [424, 202, 0])],
  },
  {
    // i = o = f = 1/2, g = 0, c = 1
    name: 'LSTM',
    ...{ operator, attributes: LSTM, outputs: 3 },
    inputs: [one(0, 0, 0, 0), f32([4, 1], [1, 10, 100, 1000]), one(0), null, f32([1, 1], [2]), null, null, one(1)],
    expected: [
      one(0, 0.19039853898894, 0.10499358540350653, 0.10499358540350653),
      f32([1, 1], [117.396929333]),
      f32([1, 1], [0.10499358540350653]),
    ],
  },
  {
    // z = r = 1/2, n = tanh 1/2
    name: 'GRU that is reset behind the product',
    operator,
    attributes: { kind: 'GRU', activations: ['Sigmoid', 'Tanh'], linear_before_reset: 1 },
    outputs: 3,
    inputs: [one(0, 0, 0), f32([3, 1], [1, 10, 100]), one(3), one(1), null, null, null, one(1)],
    expected: [
      one(0.6344707106849976, 0.09830596662074093, 0.3932238664829637),
      f32([1, 1], [21.7787237010406]),
      one(0.19661193324148185),
    ],
  },
]
