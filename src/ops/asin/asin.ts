import { arcsine } from '../inverse-trigonometry'
import { defineUnary } from '../elementwise'

/** y = arcsin x in radians; NaN outside [−1, 1]. */
export const asin = defineUnary({
  name: 'Asin',
  attributes: {},
  takes: 'float',
  compute: Math.asin,
  expression: arcsine,
  gradient: (f, { x, dy }) => f.div(dy, f.of('Sqrt', f.sub(1, f.square(x)))),
})
