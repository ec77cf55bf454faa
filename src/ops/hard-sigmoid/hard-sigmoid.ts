import { float } from '../attributes'
import { binary, constant, defineUnary } from '../elementwise'

/** y = max(0, min(1, alpha · x + beta)). */
export const hardSigmoid = defineUnary({
  name: 'HardSigmoid',
  attributes: { alpha: float(0.2), beta: float(0.5) },
  takes: 'float',
  compute: (x, { alpha, beta }) => Math.max(0, Math.min(1, alpha * x + beta)),
  expression: (x, { alpha, beta }) => {
    const line = binary('add', binary('mul', constant(alpha), x), constant(beta))
    return binary('max', constant(0), binary('min', constant(1), line))
  },
  gradient: (f, { y, dy }, { alpha }) => f.where(f.of('And', f.greater(y, 0), f.less(y, 1)), f.mul(dy, alpha), 0),
  asActivation: ({ attributes: { alpha, beta } }) => ({ type: 'hardSigmoid', alpha, beta }),
})
