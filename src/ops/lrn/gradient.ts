import { attribute } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import { formulaFor } from '../elementwise'
import { reshapedLike, sizeAlong, type GradientContext, type ValueName } from '../gradient'

type Context = GradientContext<Readonly<Record<'alpha' | 'beta' | 'bias' | 'size', AttributeRule<number>>>>

/** d = bias + alpha · mean of x² over neighbours: dx = dy / d^beta − 2 · alpha · beta · x · mean of dy · y / d, back. */
export function lrnGradient(context: Context): readonly ValueName[] {
  const { alpha, beta, bias, size } = context.attributes
  const [x, y, dy] = [context.input(0), context.output(0), context.gradient(0)!]
  const f = formulaFor(context, x)
  const [less, more] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)]
  const divisor = f.add(bias, f.mul(alpha, averaged(context, f.square(x), [less, more])))
  const direct = f.mul(dy, f.of('Pow', divisor, -beta))
  // a channel is a neighbour of those that are its neighbours the other way round
  const back = averaged(context, f.div(f.mul(dy, y), divisor), [more, less])
  return [f.sub(direct, f.mul(f.mul(2 * alpha * beta, x), back))]
}

/** Means over `size` neighbouring channels, of which those outside count as 0. */
function averaged(context: Context, value: ValueName, [before, after]: readonly [number, number]): ValueName {
  const { write } = context
  const parts = [sizeAlong(context, value, 0), write.integers([1]), sizeAlong(context, value, 1), write.integers([-1])]
  const planes = write.add('Reshape', [value, write.add('Concat', parts, [attribute.int('axis', 0)])])
  const means = write.add(
    'AveragePool',
    [planes],
    [
      attribute.ints('kernel_shape', [context.attributes.size, 1]),
      attribute.ints('pads', [before, 0, after, 0]),
      attribute.int('count_include_pad', 1),
    ],
  )
  return reshapedLike(context, means, value)
}
