import { layoutOf } from '../../backends/segments'
import { UsageError } from '../../core/errors'
import type { Range, StoredRanges } from '../../engine/observers/calibration-source'
import { chooseParameters, type Parameters } from '../../engine/quantize/parameters'
import type { IntegerType } from '../../engine/quantize/integers'
import { rangeOf } from '../../engine/quantize/tensors'
import type { GraphEditor, Value } from '../../graph/edit'
import type { LazyTensor } from '../../graph/model'
import type { MethodContext } from '../method'
import { rangeChoice, type Options } from './options'
import type { Group, Placement } from './placement'

/** How a value is quantized. */
export interface ValueParameters {
  readonly value: Value
  readonly group: Group
  readonly range: Range
  readonly clipped?: number
  readonly parameters: Parameters
  /** The stored tensor, for a constant. */
  readonly constant?: LazyTensor
}

export interface ChosenRanges {
  readonly values: ReadonlyMap<Value, ValueParameters>
  /** Values without a range: NaN or infinite in the data. */
  readonly unknown: readonly Value[]
  /** Absent where nothing was observed. */
  readonly stored?: StoredRanges
}

const SCALAR = layoutOf([], null)

/**
 * Parameters of every quantized value; those of one group have the same, over all their ranges.
 * @throws UsageError where neither data nor stored ranges are there
 */
export async function chooseRanges(
  context: MethodContext,
  editor: GraphEditor,
  placement: Placement,
  activations: IntegerType,
  options: Options,
): Promise<ChosenRanges> {
  const typeOf = (group: Group): IntegerType => ({ ...activations, bits: group.bits || group.ownBits })
  const found = new Map<Value, Range & { readonly clipped?: number }>()
  const wishes: { value: string; type: IntegerType }[] = []
  for (const [value, group] of placement.groups) {
    const constant = editor.constant(value)
    if (group.fixed) found.set(value, { min: group.fixed[0], max: group.fixed[1] })
    else if (constant) {
      const { min, max } = await rangeOf(context.backend, constant, layoutOf(constant.shape, null), context.signal)
      found.set(value, { min: Math.min(0, min[0] as number), max: Math.max(0, max[0] as number) })
    } else wishes.push({ value: value.name, type: typeOf(group) })
  }
  const observed = await observe(context, editor, wishes, options)
  for (const value of placement.groups.keys()) {
    const range = observed.ranges.get(value.name)
    if (range && !found.has(value)) found.set(value, range)
  }
  const unknown = [...placement.groups.keys()].filter((value) => !found.has(value))
  const values = new Map<Value, ValueParameters>()
  for (const group of new Set(placement.groups.values())) {
    const ranges = [...group.members].flatMap((value) => found.get(value) ?? [])
    if (ranges.length < group.members.size) continue
    const whole = { min: Math.min(...ranges.map(({ min }) => min)), max: Math.max(...ranges.map(({ max }) => max)) }
    const parameters = chooseParameters(typeOf(group), SCALAR, { min: [whole.min], max: [whole.max] })
    for (const value of group.members) {
      const clipped = found.get(value)?.clipped
      const constant = editor.constant(value)
      values.set(value, {
        ...{ value, group, parameters, range: { min: Math.min(0, whole.min), max: Math.max(0, whole.max) } },
        ...(clipped !== undefined && { clipped }),
        ...(constant && { constant: { ...constant, name: value.name } }),
      })
    }
  }
  return { values, unknown, ...(observed.stored && { stored: observed.stored }) }
}

async function observe(
  { calibration }: MethodContext,
  editor: GraphEditor,
  wishes: readonly { value: string; type: IntegerType }[],
  options: Options,
): Promise<{ ranges: ReadonlyMap<string, Range & { readonly clipped?: number }>; stored?: StoredRanges }> {
  if (wishes.length === 0) return { ranges: new Map() }
  if (!calibration) {
    throw new UsageError(
      `static-int8 needs data to choose ranges on, for ${wishes.length} inner values of the model. Give samples of what the ` +
        'model will see with --calibrate DATA; where there is only --test DATA, a fifth of it is taken.',
    )
  }
  const ranges = await calibration.ranges(editor.model, wishes, rangeChoice(options))
  const { machine, samples } = calibration
  const values = Object.fromEntries([...ranges].map(([name, { min, max }]) => [name, [min, max] as const]))
  return { ranges, stored: { machine, samples, values } }
}
