import { float } from '../attributes'
import { binary, constant, defineUnary, unary } from '../elementwise'
import { sigmoidOf } from '../special-functions'

/** y = x / (1 + e^(−alpha · x)). Source: Ramachandran et al., arXiv:1710.05941. */
export const swish = defineUnary({
  name: 'Swish',
  attributes: { alpha: float(1) },
  takes: 'float',
  compute: (x, { alpha }) => x * sigmoidOf(alpha * x),
  expression: (x, { alpha }) => binary('mul', x, unary('sigmoid', binary('mul', constant(alpha), x))),
  gradient(f, { x, y, dy }, { alpha }) {
    const s = f.of('Sigmoid', f.mul(x, alpha))
    return f.mul(dy, f.add(s, f.mul(f.mul(y, alpha), f.sub(1, s))))
  },
  asActivation: ({ attributes: { alpha } }) => (alpha === 1 ? { type: 'silu' } : undefined),
})
