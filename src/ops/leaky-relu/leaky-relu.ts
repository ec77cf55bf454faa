import { float } from '../attributes'
import { binary, constant, defineUnary, select } from '../elementwise'

/** y = x for x ≥ 0, else alpha · x. */
export const leakyRelu = defineUnary({
  name: 'LeakyRelu',
  attributes: { alpha: float(0.01) },
  takes: 'float',
  compute: (x, { alpha }) => (x < 0 ? alpha * x : x),
  expression: (x, { alpha }) => select(binary('less', x, constant(0)), binary('mul', constant(alpha), x), x),
  gradient: (f, { x, dy }, { alpha }) => f.where(f.less(x, 0), f.mul(dy, alpha), dy),
  asActivation: ({ attributes: { alpha } }) => ({ type: 'leakyRelu', alpha }),
})
