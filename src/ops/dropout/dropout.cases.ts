import { numbersOf } from '../../core/host-array'
import { checkMoments } from '../../testing/check-random'
import { bool, constant, f32, f64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'inference', operator: 'Dropout', inputs: [wave([3, 5])] },
  { name: 'inference with mask', operator: 'Dropout', inputs: [wave([3, 5]), f32([], [0.25])], outputs: 2 },
  {
    name: 'training_mode false',
    operator: 'Dropout',
    inputs: [wave([2, 3]), f32([], [0.25]), bool([], [0])],
    outputs: 2,
  },
  // onnxruntime wants the first output
  {
    name: 'only the mask',
    operator: 'Dropout',
    inputs: [wave([2, 3])],
    outputs: [false, true],
    expected: [bool([2, 3], [1, 1, 1, 1, 1, 1])],
  },
  {
    name: 'training',
    operator: 'Dropout',
    inputs: [f32([40, 50], new Array<number>(2000).fill(3)), f32([], [0.25]), bool([], [1])],
    outputs: 2,
    check: (y, mask) => {
      const [values, kept] = [numbersOf(y), numbersOf(mask)]
      const wrong = values.findIndex((value, i) => value !== (kept[i] ? 4 : 0))
      return wrong < 0
        ? checkMoments(mask, { dtype: 'bool', shape: [40, 50], mean: 0.75, deviation: Math.sqrt(0.1875) })
        : `element ${wrong} is ${values[wrong]}`
    },
  },
  {
    name: 'training, the usual ratio of a half',
    operator: 'Dropout',
    inputs: [f32([40, 50], new Array<number>(2000).fill(1)), null, constant(bool([], [1]))],
    check: (y) => checkMoments(y, { dtype: 'float32', shape: [40, 50], mean: 1, deviation: 1, low: 0, high: 2 }),
  },
  {
    name: 'training with ratio 0',
    operator: 'Dropout',
    inputs: [wave([2, 3]), constant(f32([], [0])), constant(bool([], [1]))],
    outputs: 2,
  },
  { name: 'float64', operator: 'Dropout', inputs: [f64([3], [1, -2, 0.5])] },
  { name: 'a zero-sized dimension', operator: 'Dropout', inputs: [f32([0, 3], [])], outputs: 2 },
  { name: 'opset 7', operator: 'Dropout', opset: 7, attributes: { ratio: 0.75 }, inputs: [wave([2, 3])] },
  { name: 'opset 12', operator: 'Dropout', opset: 12, inputs: [wave([2, 3]), f32([], [0.75])] },
  {
    name: 'a ratio of 1',
    operator: 'Dropout',
    inputs: [wave([2]), constant(f32([], [1])), constant(bool([], [1]))],
    error: { name: 'ShapeError', message: 'Dropout "tested": ratio 1 must lie in [0, 1)' },
  },
]
