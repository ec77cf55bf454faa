import { constant, f32, i32, i64, type OperatorCase } from '../../testing/operator-cases'

const operator = 'ai.plume:CounterUniform'

export const cases: readonly OperatorCase[] = [
  {
    // 0x6b2001 and 0x99ba4e of 2²⁴: the known answer of Random123 for zeros
    name: 'a key of zeros',
    ...{ operator, inputs: [i32([2], [0, 0]), constant(i64([1], [2]))] },
    expected: [f32([2], [0x6b2001 / 2 ** 24, 0x99ba4e / 2 ** 24])],
  },
  {
    name: 'a seed, a step and a stream, no whole vectors',
    ...{ operator, attributes: { stream: 5 }, inputs: [i32([2], [-123, 7]), constant(i64([2], [3, 5]))] },
    expected: [
      f32(
        [3, 5],
        [
          0.8098340034484863, 0.03661292791366577, 0.7280674576759338, 0.1894909143447876, 0.15237385034561157,
          0.0017415285110473633, 0.1038098931312561, 0.28459787368774414, 0.40627574920654297, 0.7865330576896667,
          0.5297169089317322, 0.7410979270935059, 0.23720353841781616, 0.5327020883560181, 0.9531630873680115,
        ],
      ),
    ],
  },
  {
    name: 'a scalar',
    ...{ operator, inputs: [i32([2], [1, 2]), constant(i64([0], []))] },
    expected: [f32([], [0.1464671492576599])],
  },
  {
    name: 'a key of three words',
    ...{ operator, inputs: [i32([3], [1, 2, 3]), constant(i64([1], [1]))] },
    error: { name: 'ShapeError', message: 'the key must have two words' },
  },
  {
    name: 'a key of another type',
    ...{ operator, inputs: [i64([2], [1, 2]), constant(i64([1], [1]))] },
    error: { name: 'ShapeError', message: 'the key must be int32, not int64' },
  },
]
