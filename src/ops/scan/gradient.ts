import { attribute, type Graph } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import type { GradientContext, ValueName } from '../gradient'
import { throughSteps, type Along } from '../steps-gradient'

type List = AttributeRule<readonly number[] | undefined>
type Context = GradientContext<{
  readonly body: AttributeRule<Graph>
  readonly num_scan_inputs: AttributeRule<number>
  readonly scan_input_axes: List
  readonly scan_input_directions: List
  readonly scan_output_axes: List
  readonly scan_output_directions: List
}>

/** The states before each step are found once more, then the steps are gone through backwards. */
export function scanGradient(context: Context): readonly (ValueName | undefined)[] {
  const { body, num_scan_inputs, ...given } = context.attributes
  const inputs = Array.from({ length: context.inputCount }, (_, i) => context.input(i))
  const count = inputs.length - num_scan_inputs
  const along = (kind: 'input' | 'output', i: number): Along => ({
    axis: given[`scan_${kind}_axes`]?.[i] ?? 0,
    isReversed: given[`scan_${kind}_directions`]?.[i] === 1,
  })
  const recorded = recordedStates(context, inputs, count)
  const { ofStates, ofEntries, ofCaptured } = throughSteps(context, {
    body,
    states: inputs
      .slice(0, count)
      .map((first, i) => ({ first, recorded: recorded[i]!, gradient: context.gradient(i) })),
    entries: inputs.slice(count).map((value, i) => ({
      ...{ value, isAsked: context.needs(count + i) },
      ...along('input', i),
    })),
    collected: body.outputs.slice(count).map((_, i) => ({
      ...{ gradient: context.gradient(count + i) },
      ...along('output', i),
    })),
    given: (_, states, entries) => [...states, ...entries],
    firstState: 0,
  })
  return [...ofStates, ...ofEntries, ...ofCaptured]
}

function recordedStates(context: Context, inputs: readonly ValueName[], count: number): readonly ValueName[] {
  const { write, attributes } = context
  const { body, num_scan_inputs, scan_input_axes: axes, scan_input_directions: directions } = attributes
  const types = inputs.map((input, i) => {
    const { dtype, shape } = write.type(input)
    const axis = axes?.[i - count] ?? 0
    const at = shape && axis < 0 ? axis + shape.length : axis
    return { dtype, shape: i < count ? shape : shape?.filter((_, k) => k !== at) }
  })
  const recording = context.subGraph(types, (inner) => [
    ...inner.replay(body, inner.inputs).slice(0, count),
    ...inner.inputs.slice(0, count),
  ])
  return write
    .addMany('Scan', inputs, 2 * count, [
      attribute.graph('body', recording),
      attribute.int('num_scan_inputs', num_scan_inputs),
      axes && attribute.ints('scan_input_axes', axes),
      directions && attribute.ints('scan_input_directions', directions),
    ])
    .slice(count)
}
