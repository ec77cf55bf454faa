/** Nodes that gradient rules of several operators add. */
import { attribute, type Attribute } from '../graph/model'
import type { AttributeSchema } from './attributes'
import { shapeOf, type GradientContext, type GraphWriter, type ValueName } from './gradient'

/** Where operators stand that ONNX does not have. */
export const PLUME = 'ai.plume'

export const shapeValue = (write: GraphWriter, value: ValueName): ValueName => write.add('Shape', [value])

/** Sums over some axes, which stay with size 1 or fall away. */
export const sumOver = (
  write: GraphWriter,
  value: ValueName,
  axes: readonly number[],
  keeps: 'keeps' | 'drops',
): ValueName =>
  axes.length === 0
    ? value
    : write.add('ReduceSum', [value, write.integers(axes)], [attribute.int('keepdims', Number(keeps === 'keeps'))])

/** All axes of a value but the second: those over which a channel's parameters are shared. */
export const axesBesideChannels = <S extends AttributeSchema>(
  context: GradientContext<S>,
  value: ValueName,
): readonly number[] => shapeOf(context, value).flatMap((_, axis) => (axis === 1 ? [] : [axis]))

/** Attributes of windows again, for the node that undoes what one did. */
export function spatialAttributes(
  attributes: Readonly<Record<string, unknown>>,
  changed: Readonly<Record<string, readonly number[] | undefined>> = {},
): (Attribute | undefined)[] {
  const lists = ['kernel_shape', 'strides', 'dilations', 'pads'].map((name) => {
    const list = (name in changed ? changed[name] : attributes[name]) as readonly number[] | undefined
    return list && attribute.ints(name, list)
  })
  const { group, auto_pad, ceil_mode, count_include_pad } = attributes as {
    readonly group?: number
    readonly auto_pad?: string
    readonly ceil_mode?: boolean
    readonly count_include_pad?: boolean
  }
  return [
    ...lists,
    group === undefined ? undefined : attribute.int('group', group),
    auto_pad === undefined || 'pads' in changed ? undefined : attribute.string('auto_pad', auto_pad),
    ceil_mode ? attribute.int('ceil_mode', 1) : undefined,
    count_include_pad ? attribute.int('count_include_pad', 1) : undefined,
  ]
}
