import { bool, f16, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'float32', operator: 'Identity', inputs: [wave([2, 3])] },
  { name: 'bool', operator: 'Identity', inputs: [bool([3], [1, 0, 1])] },
  { name: 'int64, a scalar', operator: 'Identity', inputs: [i64([], [-9007199254740993n])] },
  { name: 'float16, opset 7', operator: 'Identity', opset: 7, inputs: [f16([2], [0.5, -2])] },
  { name: 'nothing', operator: 'Identity', inputs: [f32([0, 3], [])] },
]
