import { arctangent } from '../inverse-trigonometry'
import { defineUnary } from '../elementwise'

/** y = arctan x in radians. */
export const atan = defineUnary({
  name: 'Atan',
  attributes: {},
  takes: 'float',
  compute: Math.atan,
  expression: arctangent,
})
