import { float } from '../attributes'
import { binary, constant, defineUnary, select, unary } from '../elementwise'

/** y = x for x ≥ 0, else alpha · (eˣ − 1). */
export const elu = defineUnary({
  name: 'Elu',
  attributes: { alpha: float(1) },
  takes: 'float',
  compute: (x, { alpha }) => (x < 0 ? alpha * Math.expm1(x) : x),
  expression: (x, { alpha }) =>
    select(
      binary('less', x, constant(0)),
      binary('mul', constant(alpha), binary('sub', unary('exp', x), constant(1))),
      x,
    ),
  // y + alpha is the power itself, which never overflows where it is not wanted
  gradient: (f, { x, y, dy }, { alpha }) => f.where(f.less(x, 0), f.mul(dy, f.add(y, alpha)), dy),
})
