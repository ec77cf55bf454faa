import { binary, constant, defineUnary, unary } from '../elementwise'

/** y = ln(x + √(x² − 1)); NaN below 1. */
export const acosh = defineUnary({
  name: 'Acosh',
  attributes: {},
  takes: 'float',
  compute: Math.acosh,
  expression: (x) => {
    const root = (by: number) => unary('sqrt', binary('add', x, constant(by)))
    return unary('log', binary('add', x, binary('mul', root(-1), root(1))))
  },
  gradient: (f, { x, dy }) => f.div(dy, f.of('Sqrt', f.sub(f.square(x), 1))),
})
