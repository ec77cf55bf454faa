import { float } from '../attributes'
import { binary, constant, defineUnary, select, unary } from '../elementwise'

/** y = gamma · x for x > 0, else gamma · alpha · (eˣ − 1). Source: Klambauer et al., arXiv:1706.02515. */
export const selu = defineUnary({
  name: 'Selu',
  attributes: { alpha: float(1.67326319217681884765625), gamma: float(1.05070102214813232421875) },
  takes: 'float',
  compute: (x, { alpha, gamma }) => gamma * (x > 0 ? x : alpha * Math.expm1(x)),
  expression: (x, { alpha, gamma }) => {
    const below = binary('mul', constant(alpha), binary('sub', unary('exp', x), constant(1)))
    return binary('mul', constant(gamma), select(binary('less', constant(0), x), x, below))
  },
  gradient: (f, { x, y, dy }, { alpha, gamma }) => f.mul(dy, f.where(f.greater(x, 0), gamma, f.add(y, alpha * gamma))),
})
