import type { Expression } from '../../backends/kernel-calls'
import { binary, constant, defineUnary, unary } from '../elementwise'

/** y = (eˣ + e⁻ˣ) / 2. */
export const cosh = defineUnary({
  name: 'Cosh',
  attributes: {},
  takes: 'float',
  compute: Math.cosh,
  expression: (x) => {
    // e^(x/2) twice, because eˣ overflows before the result does
    const up = unary('exp', binary('mul', constant(0.5), x))
    const down = unary('exp', binary('mul', constant(-0.5), x))
    const half = (of: Expression) => binary('mul', binary('mul', constant(0.5), of), of)
    return binary('add', half(up), half(down))
  },
  gradient: (f, { x, dy }) => f.mul(dy, f.of('Sinh', x)),
})
