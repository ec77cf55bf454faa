import { binary, constant, defineUnary, unary } from '../elementwise'

/** y = x / (1 + |x|). */
export const softsign = defineUnary({
  name: 'Softsign',
  attributes: {},
  takes: 'float',
  compute: (x) => x / (1 + Math.abs(x)),
  expression: (x) => binary('div', x, binary('add', constant(1), unary('abs', x))),
  gradient: (f, { x, dy }) => f.div(dy, f.square(f.add(1, f.of('Abs', x)))),
})
