import { float } from '../attributes'
import { binary, constant, defineUnary, select } from '../elementwise'
import { EXACT } from '../op'

/** y = x for x > alpha, else 0. Source: Konda et al., arXiv:1402.3337. */
export const thresholdedRelu = defineUnary({
  name: 'ThresholdedRelu',
  attributes: { alpha: float(1) },
  takes: 'float',
  compute: (x, { alpha }) => (x > alpha ? x : 0),
  expression: (x, { alpha }) => select(binary('less', constant(alpha), x), x, constant(0)),
  gradient: (f, { x, dy }, { alpha }) => f.where(f.greater(x, alpha), dy, 0),
  tolerance: EXACT,
})
