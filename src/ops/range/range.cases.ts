import { constant, f32, f64, i32, i64, type OperatorCase } from '../../testing/operator-cases'

const upTo = (count: number, start: number, step: number) => Array.from({ length: count }, (_, i) => start + i * step)

export const cases: readonly OperatorCase[] = [
  { name: 'upwards', operator: 'Range', inputs: [f32([], [1]), f32([], [5.5]), f32([], [1.5])] },
  {
    name: 'downwards, constants',
    operator: 'Range',
    inputs: [constant(i64([], [10])), constant(i64([], [4])), constant(i64([], [-2]))],
  },
  {
    name: 'many floats, downwards',
    operator: 'Range',
    inputs: [f32([], [10]), f32([], [-140]), f32([], [-1.5])],
    expected: [f32([100], upTo(100, 10, -1.5))],
  },
  {
    name: 'many integers',
    operator: 'Range',
    inputs: [i64([], [-7]), i64([], [400]), i64([], [3])],
    expected: [i64([136], upTo(136, -7, 3))],
  },
  { name: 'none', operator: 'Range', inputs: [i32([], [4]), i32([], [4]), i32([], [1])] },
  { name: 'the wrong way', operator: 'Range', inputs: [i64([], [1]), i64([], [9]), i64([], [-3])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'Range',
    inputs: [i64([], [9007199254740993n]), i64([], [9007199254740998n]), i64([], [2])],
  },
  {
    name: 'float64, lists of one',
    operator: 'Range',
    inputs: [f64([1], [0]), f64([1], [1]), f64([1], [0.3])],
    expected: [f64([4], [0, 0.3, 0.6, 0.3 * 3])],
  },
  {
    name: 'no step',
    operator: 'Range',
    inputs: [i64([], [1]), i64([], [9]), i64([], [0])],
    error: { name: 'ShapeError', message: 'Range "tested": the step is 0' },
  },
  {
    name: 'no end',
    operator: 'Range',
    inputs: [f32([], [1]), f32([], [Infinity]), f32([], [1])],
    error: { name: 'ShapeError', message: 'the number of steps is not finite' },
  },
  {
    name: 'a list',
    operator: 'Range',
    inputs: [i64([2], [1, 2]), i64([], [9]), i64([], [1])],
    error: { name: 'ShapeError', message: 'start, limit and delta must be scalars' },
  },
  {
    name: 'two types',
    operator: 'Range',
    inputs: [i64([], [1]), i32([], [9]), i64([], [1])],
    error: { name: 'ShapeError', message: 'start, limit and delta must have one type, not int64 and int32' },
  },
]
