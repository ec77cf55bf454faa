import { binary, constant, defineUnary, select, unary } from '../elementwise'

/** y = ln(x + √(x² + 1)). */
export const asinh = defineUnary({
  name: 'Asinh',
  attributes: {},
  takes: 'float',
  compute: Math.asinh,
  expression: (x) => {
    const size = unary('abs', x)
    const root = unary('sqrt', binary('add', binary('mul', x, x), constant(1)))
    // from 1e9 on the root is |x|, and x² would overflow
    const safe = select(binary('less', constant(1e9), size), size, root)
    return binary('mul', unary('sign', x), unary('log', binary('add', size, safe)))
  },
  gradient: (f, { x, dy }) => f.div(dy, f.of('Sqrt', f.add(f.square(x), 1))),
})
