import { f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const [scores, labels] = [wave([3, 5]), i64([3], [4, 0, 2])]
const [deep, deepLabels] = [wave([2, 3, 2, 2]), i32([2, 2, 2], [0, 2, 1, 1, 2, 0, 0, 1])]
const weights = f32([3], [0.2, 0.7, 1.5])

export const cases: readonly OperatorCase[] = [
  { name: 'mean', operator: 'NegativeLogLikelihoodLoss', inputs: [scores, labels] },
  { name: 'sum', operator: 'NegativeLogLikelihoodLoss', attributes: { reduction: 'sum' }, inputs: [scores, labels] },
  {
    name: 'none, more axes, weights',
    operator: 'NegativeLogLikelihoodLoss',
    attributes: { reduction: 'none' },
    inputs: [deep, deepLabels, weights],
  },
  { name: 'mean by weight', operator: 'NegativeLogLikelihoodLoss', inputs: [deep, deepLabels, weights] },
  {
    name: 'an ignored label',
    operator: 'NegativeLogLikelihoodLoss',
    attributes: { ignore_index: -1 },
    inputs: [scores, i64([3], [4, -1, 2])],
  },
  {
    name: 'an ignored label and weights, opset 12',
    operator: 'NegativeLogLikelihoodLoss',
    opset: 12,
    attributes: { ignore_index: 1 },
    inputs: [deep, deepLabels, weights],
  },
  {
    name: 'a label that is no class',
    operator: 'NegativeLogLikelihoodLoss',
    inputs: [scores, i64([3], [4, 5, 2])],
    error: { name: 'ShapeError', message: /the label 5 must lie in \[0, 4\]/ },
  },
  {
    name: 'labels of another shape',
    operator: 'NegativeLogLikelihoodLoss',
    inputs: [deep, labels],
    error: { name: 'ShapeError', message: /the labels must have the shape \[2, 2, 2\]/ },
  },
  {
    name: 'too few weights',
    operator: 'NegativeLogLikelihoodLoss',
    inputs: [scores, labels, weights],
    error: { name: 'ShapeError', message: 'there must be one weight per class' },
  },
  {
    name: 'no classes',
    operator: 'NegativeLogLikelihoodLoss',
    inputs: [wave([3]), labels],
    error: { name: 'ShapeError', message: 'the scores must have at least two axes' },
  },
]
