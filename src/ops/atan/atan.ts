import { arctangent } from '../inverse-trigonometry'
import { defineUnary } from '../elementwise'

/** y = arctan x in radians. */
export const atan = defineUnary({
  name: 'Atan',
  attributes: {},
  takes: 'float',
  compute: Math.atan,
  expression: arctangent,
  gradient: (f, { x, dy }) => f.div(dy, f.add(1, f.square(x))),
})
