import { arcsine } from '../inverse-trigonometry'
import { binary, constant, defineUnary } from '../elementwise'

/** y = arccos x in radians; NaN outside [−1, 1]. */
export const acos = defineUnary({
  name: 'Acos',
  attributes: {},
  takes: 'float',
  compute: Math.acos,
  expression: (x) => binary('sub', constant(Math.PI / 2), arcsine(x)),
  gradient: (f, { x, dy }) => f.neg(f.div(dy, f.of('Sqrt', f.sub(1, f.square(x))))),
})
