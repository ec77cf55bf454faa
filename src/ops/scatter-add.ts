import { attribute } from '../graph/model'
import type { AttributeSchema } from './attributes'
import { shapeOf, type GradientContext, type ValueName } from './gradient'

/** What is added where: entries of one axis. */
export interface Entries {
  /** Not negative. */
  readonly axis: number
  /** Entries of the axis, as a list of one. */
  readonly size: ValueName
  readonly indices: ValueName
  /** The shape of the indices in place of the axis. */
  readonly updates: ValueName
}

/** Zeros to which updates are added at the indices of an axis: the gradient of what takes entries. */
export function scatteredAlong<S extends AttributeSchema>(
  context: GradientContext<S>,
  { axis, size, indices, updates }: Entries,
): ValueName {
  const { write } = context
  const count = shapeOf(context, indices).length
  const rank = shapeOf(context, updates).length - count + 1
  // blocks lie along the first axis: the axis goes there, and back
  const others = Array.from({ length: rank - 1 }, (_, i) => i)
  const order = [axis, ...others.map((i) => (i < axis ? i : i + 1))]
  const ahead = Array.from({ length: count }, (_, i) => axis + i)
  const behind = others.map((i) => (i < axis ? i : i + count))
  const blocks = permuted(context, updates, [...ahead, ...behind])
  const rest = write.add('Shape', [blocks], [attribute.int('start', count)])
  const shape = write.add('Concat', [size, rest], [attribute.int('axis', 0)])
  const zeros = write.add('Expand', [write.number(0, write.type(updates).dtype), shape])
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

/** 0, 1, … up to a size, which is a list of one. */
export const places = <S extends AttributeSchema>({ write }: GradientContext<S>, size: ValueName): ValueName =>
  write.add('Range', [
    write.number(0, 'int64'),
    write.add('Squeeze', [size, write.integers([0])]),
    write.number(1, 'int64'),
  ])
