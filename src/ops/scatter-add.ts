import { attribute } from '../graph/model'
import type { AttributeSchema } from './attributes'
import { shapeOf, zerosLike, type GradientContext, type ValueName } from './gradient'

/** What is added where: entries of one axis. */
export interface Entries {
  readonly axis: number
  readonly indices: ValueName
  /** Of the shape of `like`, with the shape of the indices in place of the axis. */
  readonly updates: ValueName
}

/** Zeros of the shape of `like`, to which updates are added at the indices of an axis: the gradient of what takes entries. */
export function scatteredAlong<S extends AttributeSchema>(
  context: GradientContext<S>,
  like: ValueName,
  { axis, indices, updates }: Entries,
): ValueName {
  const { write } = context
  const rank = shapeOf(context, like).length
  const from = axis < 0 ? axis + rank : axis
  const count = shapeOf(context, indices).length
  // blocks lie along the first axis: the axis goes there, and back
  const others = Array.from({ length: rank - 1 }, (_, i) => i)
  const order = [from, ...others.map((i) => (i < from ? i : i + 1))]
  const ahead = Array.from({ length: count }, (_, i) => from + i)
  const behind = others.map((i) => (i < from ? i : i + count))
  const zeros = permuted(context, zerosLike(write, like), order)
  const blocks = permuted(context, updates, [...ahead, ...behind])
  const places = write.add('Unsqueeze', [indices, write.integers([-1])])
  const sum = write.add('ScatterND', [zeros, places, blocks], [attribute.string('reduction', 'add')])
  return permuted(
    context,
    sum,
    order.map((_, i) => order.indexOf(i)),
  )
}

function permuted<S extends AttributeSchema>(
  { write }: GradientContext<S>,
  value: ValueName,
  order: readonly number[],
): ValueName {
  const isAsItIs = order.every((axis, i) => axis === i)
  return isAsItIs ? value : write.add('Transpose', [value], [attribute.ints('perm', order)])
}
