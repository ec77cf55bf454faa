import { float } from '../attributes'
import { binary, constant, defineUnary, unary } from '../elementwise'

/** y = max(0, x) + min(0, alpha · (e^(x / alpha) − 1)). Source: Barron, arXiv:1704.07483. */
export const celu = defineUnary({
  name: 'Celu',
  attributes: { alpha: float(1) },
  takes: 'float',
  compute: (x, { alpha }) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha)),
  expression: (x, { alpha }) => {
    const power = unary('exp', binary('mul', constant(1 / alpha), x))
    const below = binary('mul', constant(alpha), binary('sub', power, constant(1)))
    return binary('add', binary('max', constant(0), x), binary('min', constant(0), below))
  },
  gradient: (f, { x, y, dy }, { alpha }) => f.where(f.less(x, 0), f.mul(dy, f.add(f.mul(1 / alpha, y), 1)), dy),
})
