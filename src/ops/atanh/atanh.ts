import { binary, constant, defineUnary, unary } from '../elementwise'

/** y = ln((1 + x) / (1 − x)) / 2; NaN outside [−1, 1]. */
export const atanh = defineUnary({
  name: 'Atanh',
  attributes: {},
  takes: 'float',
  compute: Math.atanh,
  expression: (x) => {
    const ratio = binary('div', binary('add', constant(1), x), binary('sub', constant(1), x))
    return binary('mul', constant(0.5), unary('log', ratio))
  },
  gradient: (f, { x, dy }) => f.div(dy, f.sub(1, f.square(x))),
})
