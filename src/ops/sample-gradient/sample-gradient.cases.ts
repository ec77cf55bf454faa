import { f32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    // at column 1/2 of row 0: half of each; d/dcolumn = 3 − 1, d/drow = (5 + 9)/2 − (1 + 3)/2
    ...{ name: 'elements', operator: 'ai.plume:SampleGradient', outputs: 2 },
    inputs: [f32([1, 1, 2, 2], [1, 3, 5, 9]), f32([1, 1, 2], [0.5, 0]), f32([1, 1, 1], [4])],
    expected: [f32([1, 1, 2, 2], [2, 2, 0, 0]), f32([1, 1, 2], [8, 20])],
  },
  {
    // −1 to 1 are 4 elements: 0.25 is at 2, whose slopes are those to the right
    ...{ name: 'from edge to edge', operator: 'ai.plume:SampleGradient', outputs: 2 },
    attributes: { unit: 'edges', padding_mode: 'border' },
    inputs: [f32([1, 1, 4], [1, 2, 4, 8]), f32([1, 2, 1], [0.25, -1]), f32([1, 1, 2], [3, 5])],
    expected: [f32([1, 1, 4], [5, 0, 3, 0]), f32([1, 2, 1], [24, 0])],
  },
]
