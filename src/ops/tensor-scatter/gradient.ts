import { attribute } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import { shapeOf, sizeAlong, zerosLike, type GradientContext, type ValueName } from '../gradient'
import { places } from '../scatter-add'
import { normalizeAxis } from '../shapes'

type Context = GradientContext<{
  readonly axis: AttributeRule<number>
  readonly mode: AttributeRule<'linear' | 'circular'>
}>

/** Of the cache: dy without the written entries; of the update: the entries that were written. */
export function tensorScatterGradient(context: Context): readonly (ValueName | undefined)[] {
  const { write, attributes } = context
  const [dy, update] = [context.gradient(0)!, context.input(1)]
  const writes = context.has(2) ? context.input(2) : undefined
  const same = [attribute.int('axis', attributes.axis), attribute.string('mode', attributes.mode)]
  const kept = () => write.add('TensorScatter', [dy, zerosLike(write, update), writes], same)
  return [context.needs(0) ? kept() : undefined, context.needs(1) ? written(context, writes) : undefined]
}

/** The sequence behind the batch, its entries taken, and back. */
function written(context: Context, writes: ValueName | undefined): ValueName {
  const { write } = context
  const [dy, update] = [context.gradient(0)!, context.input(1)]
  const rank = shapeOf(context, update).length
  const axis = normalizeAxis(context, context.attributes.axis, rank)
  const order = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== 0 && i !== axis)
  const perm = [0, axis, ...order]
  const steps = places(context, sizeAlong(context, update, axis))
  const batch = sizeAlong(context, update, 0)
  const starts = writes ?? write.add('Expand', [write.number(0, 'int64'), batch])
  const at = write.add('Add', [write.add('Unsqueeze', [starts, write.integers([1])]), steps])
  const wrapped = write.add('Mod', [at, sizeAlong(context, context.input(0), axis)])
  const indices = write.add('Unsqueeze', [wrapped, write.integers([-1])])
  const turned = write.add('Transpose', [dy], [attribute.ints('perm', perm)])
  const taken = write.add('GatherND', [turned, indices], [attribute.int('batch_dims', 1)])
  const back = perm.map((_, i) => perm.indexOf(i))
  return write.add('Transpose', [taken], [attribute.ints('perm', back)])
}
