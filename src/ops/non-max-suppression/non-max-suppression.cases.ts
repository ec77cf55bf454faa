import { f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const corners = [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 1, 11.1, 0, 10.1, 0, 100, 1, 101]
const boxes = f32([1, 6, 4], corners)
const scores = f32([1, 2, 6], [0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.1, 0.8, 0.81, 0.2, 0.95, 0.95])

export const cases: readonly OperatorCase[] = [
  {
    name: 'two classes',
    operator: 'NonMaxSuppression',
    inputs: [boxes, scores, i64([1], [3]), f32([1], [0.5]), f32([1], [0.15])],
  },
  {
    name: 'scalars, at most two',
    operator: 'NonMaxSuppression',
    inputs: [boxes, scores, i64([], [2]), f32([], [0.85]), f32([], [0])],
  },
  {
    name: 'around centers',
    operator: 'NonMaxSuppression',
    attributes: { center_point_box: 1 },
    inputs: [
      f32([1, 3, 4], [0.5, 0.5, 1, 1, 0.5, 0.6, 1, 1, 0.5, 10.5, 1, 1.25]),
      f32([1, 1, 3], [0.7, 0.9, 0.1]),
      i64([1], [3]),
      f32([1], [0.5]),
    ],
  },
  {
    name: 'two batch entries, every overlap is too much',
    operator: 'NonMaxSuppression',
    inputs: [
      f32([2, 2, 4], [0, 0, 1, 1, 0.5, 0.5, 2, 2, 0, 0, 1, 1, 3, 3, 4, 4]),
      f32([2, 1, 2], [0.2, 0.4, 0.6, 0.6]),
      i64([1], [5]),
    ],
  },
  { name: 'none wanted', operator: 'NonMaxSuppression', inputs: [boxes, scores] },
  {
    name: 'boxes of three numbers',
    operator: 'NonMaxSuppression',
    inputs: [wave([1, 2, 3]), wave([1, 1, 2])],
    error: { name: 'ShapeError', message: 'NonMaxSuppression "tested": boxes must have the shape [batch, boxes, 4]' },
  },
  {
    name: 'scores of two axes',
    operator: 'NonMaxSuppression',
    inputs: [wave([1, 2, 4]), wave([1, 2])],
    error: { name: 'ShapeError', message: 'scores must have the shape [batch, classes, boxes]' },
  },
  {
    name: 'other numbers of boxes',
    operator: 'NonMaxSuppression',
    inputs: [wave([1, 2, 4]), wave([1, 1, 3])],
    error: { name: 'ShapeError', message: 'boxes and scores must have the same batch and number of boxes' },
  },
]
