import type { Dim } from '../../graph/model'
import { binary, constant, defineBinary, select } from '../elementwise'
import { multiplied } from '../integer-arithmetic'

/** y = x for x ≥ 0, else slope · x; the slope is broadcast to x, never the other way. Source: He et al., arXiv:1502.01852. */
export const pRelu = defineBinary({
  name: 'PRelu',
  attributes: {},
  takes: 'number',
  compute: (x, slope, _, dtype) => (x < 0 ? multiplied(slope, x, dtype) : x),
  computeBig: (x, slope) => (x < 0n ? slope * x : x),
  expression: (x, slope) => select(binary('less', x, constant(0)), binary('mul', slope, x), x),
  check(context) {
    const x = context.shape(0)
    const slope = context.shape(1)
    const grows = (dim: Dim, axis: number) =>
      typeof dim === 'number' && dim > 1 && x![x!.length - slope!.length + axis] === 1
    if (x && slope && (slope.length > x.length || slope.some(grows)))
      context.fail('the slope must broadcast to the shape of x')
  },
  gradient: [
    (f, { a: x, b: slope, dy }) => f.where(f.less(x, 0), f.mul(dy, slope), dy),
    (f, { a: x, dy }) => f.where(f.less(x, 0), f.mul(dy, x), 0),
  ],
})
