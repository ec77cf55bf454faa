import { integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { shapeOf, sizeAlong, type GradientContext, type ValueName } from '../gradient'
import { places, scatteredAlong } from '../scatter-add'

type Context = GradientContext<Record<never, never>>

/** dy among zeros: padded where ranges are taken as they are, else put at the indices that were taken. */
export function sliceGradient(context: Context): readonly ValueName[] {
  const axes = axesOf(context)
  const steps = context.has(4) ? known(context, 4) : axes.map(() => 1)
  return [steps?.every((step) => step === 1) ? padded(context, axes) : scattered(context, axes)]
}

const known = (context: Context, input: number): readonly number[] | undefined => {
  const array = context.write.known(context.input(input))
  return array && integersOf(array)
}

function axesOf(context: Context): readonly number[] {
  const rank = shapeOf(context, context.input(0)).length
  const count = shapeOf(context, context.input(1))[0]
  const given = context.has(3)
    ? known(context, 3)
    : typeof count === 'number'
      ? Array.from({ length: count }, (_, axis) => axis)
      : undefined
  if (!given) context.refuse('a derivative where its axes are computed')
  return given.map((axis) => (axis < 0 ? axis + rank : axis))
}

/** Zeros before the range and behind it; starts are counted and clamped as Slice does. */
function padded(context: Context, axes: readonly number[]): ValueName {
  const { write } = context
  const [x, starts, dy] = [context.input(0), asInt64(context, context.input(1)), context.gradient(0)!]
  const [along, none] = [write.integers(axes), write.integers([0])]
  const sizes = write.add('Gather', [write.add('Shape', [x]), along])
  const taken = write.add('Gather', [write.add('Shape', [dy]), along])
  const fromEnd = write.add('Max', [write.add('Add', [starts, sizes]), none])
  const isFromEnd = write.add('Less', [starts, none])
  const before = write.add('Where', [isFromEnd, fromEnd, write.add('Min', [starts, sizes])])
  const behind = write.add('Sub', [write.add('Sub', [sizes, before]), taken])
  const pads = write.add('Concat', [before, behind], [attribute.int('axis', 0)])
  return write.add('Pad', [dy, pads, undefined, along])
}

/** Axis by axis, each among zeros. */
function scattered(context: Context, axes: readonly number[]): ValueName {
  const { write } = context
  return axes.reduce((updates, axis, i) => {
    const size = sizeAlong(context, context.input(0), axis)
    const bounds = [entry(context, 1, i), entry(context, 2, i), write.integers([0])]
    const step = context.has(4) ? [entry(context, 4, i)] : []
    const indices = write.add('Slice', [places(context, size), ...bounds, ...step])
    return scatteredAlong(context, { axis, size, indices, updates })
  }, context.gradient(0)!)
}

/** One number of a list, as a list of int64. */
const entry = (context: Context, input: number, i: number): ValueName =>
  context.write.add('Gather', [asInt64(context, context.input(input)), context.write.integers([i])])

const asInt64 = ({ write }: Context, list: ValueName): ValueName =>
  write.type(list).dtype === 'int64' ? list : write.add('Cast', [list], [attribute.int('to', 7)])
