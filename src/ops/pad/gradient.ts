import { integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import { formulaFor } from '../elementwise'
import { reshapedLike, shapeOf, sizeAlong, type GradientContext, type ValueName } from '../gradient'
import { places, scatteredAlong } from '../scatter-add'
import { normalizeAxis } from '../shapes'

type Context = GradientContext<{ readonly mode: AttributeRule<'constant' | 'reflect' | 'edge' | 'wrap'> }>

/** What was added is cut off, or added to the elements that it repeats. */
export function padGradient(context: Context): readonly (ValueName | undefined)[] {
  if (context.attributes.mode !== 'constant') return [repeated(context)]
  const { write } = context
  const [dy, pads] = [context.gradient(0)!, context.input(1)]
  const dx = write.add('Pad', [dy, write.add('Neg', [pads]), undefined, context.has(3) ? context.input(3) : undefined])
  if (!context.needs(2)) return [dx]
  // all that is not of the input
  const sum = (value: ValueName) => write.add('ReduceSum', [value], [attribute.int('keepdims', 0)])
  const around = formulaFor(context, dy).sub(sum(dy), sum(dx))
  return [dx, undefined, reshapedLike(context, around, context.input(2))]
}

/** Axis by axis: indices are padded as the elements were. */
function repeated(context: Context): ValueName {
  const { write } = context
  const x = context.input(0)
  const rank = shapeOf(context, x).length
  const named = context.has(3) ? write.known(context.input(3)) : undefined
  if (context.has(3) && !named) context.refuse('a derivative where its axes are computed')
  const axes = named ? integersOf(named) : Array.from({ length: rank }, (_, axis) => axis)
  return axes.reduce((updates, given, i) => {
    const axis = normalizeAxis(context, given, rank)
    const size = sizeAlong(context, x, axis)
    const ends = write.add('Gather', [context.input(1), write.integers([i, i + axes.length])])
    const mode = attribute.string('mode', context.attributes.mode)
    const indices = write.add('Pad', [places(context, size), ends], [mode])
    return scatteredAlong(context, { axis, size, indices, updates })
  }, context.gradient(0)!)
}
