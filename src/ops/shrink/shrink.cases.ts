import { floatCases, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Shrink'),
  { name: 'hard', operator: 'Shrink', attributes: { lambd: 1.5 }, inputs: [wave([2, 5])] },
  { name: 'soft', operator: 'Shrink', attributes: { lambd: 0.75, bias: 0.75 }, inputs: [wave([2, 5])] },
  { name: 'int32', operator: 'Shrink', attributes: { lambd: 1.5, bias: 1.5 }, inputs: [i32([5], [-7, -1, 0, 1, 9])] },
  { name: 'int64', operator: 'Shrink', attributes: { lambd: 1.5, bias: 1.5 }, inputs: [i64([3], [-7, 1, 9])] },
]
