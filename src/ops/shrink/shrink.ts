import { float } from '../attributes'
import { binary, constant, defineUnary, select } from '../elementwise'

/** y = x + bias for x < −lambd, x − bias for x > lambd, else 0. Integers are cut towards zero. */
export const shrink = defineUnary({
  name: 'Shrink',
  attributes: { bias: float(0), lambd: float(0.5) },
  takes: 'number',
  compute: (x, { bias, lambd }) => (x < -lambd ? x + bias : x > lambd ? x - bias : 0),
  computeBig: (x, { bias, lambd }) => {
    const value = Number(x)
    if (value < -lambd) return BigInt(Math.trunc(value + bias))
    return value > lambd ? BigInt(Math.trunc(value - bias)) : 0n
  },
  expression: (x, { bias, lambd }) => {
    const above = select(binary('less', constant(lambd), x), binary('sub', x, constant(bias)), constant(0))
    return select(binary('less', x, constant(-lambd)), binary('add', x, constant(bias)), above)
  },
  gradient: (f, { x, dy }, { lambd }) => f.where(f.greater(f.of('Abs', x), lambd), dy, 0),
})
