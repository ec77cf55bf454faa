import { hostArray } from '../../core/host-array'
import { attribute, type Graph } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import type { GradientContext, ValueName } from '../gradient'
import { throughSteps } from '../steps-gradient'

type Context = GradientContext<{ readonly body: AttributeRule<Graph> }>

/** The values before each step are found once more, then the steps, as many as there were, are gone through backwards. */
export function loopGradient(context: Context): readonly (ValueName | undefined)[] {
  const { body } = context.attributes
  const carried = Array.from({ length: context.inputCount - 2 }, (_, i) => context.input(i + 2))
  const [steps, ...recorded] = recordedSteps(context, carried)
  const { ofStates, ofCaptured } = throughSteps(context, {
    body,
    states: carried.map((first, i) => ({ first, recorded: recorded[i]!, gradient: context.gradient(i) })),
    entries: [{ value: steps!, isAsked: false, axis: 0, isReversed: false }],
    collected: body.outputs
      .slice(1 + carried.length)
      .map((_, i) => ({ gradient: context.gradient(carried.length + i), axis: 0, isReversed: false })),
    // every step that is gone through did take place
    given: (write, states, [step]) => [step!, write.constant(hostArray('bool', [], [1])), ...states],
    firstState: 1,
  })
  return [undefined, undefined, ...ofStates, ...ofCaptured]
}

/** The number of each step, and the carried values before it. */
function recordedSteps(context: Context, carried: readonly ValueName[]): readonly ValueName[] {
  const { write, attributes } = context
  const types = carried.map((value) => write.type(value))
  const recording = context.subGraph(
    [{ dtype: 'int64', shape: [] }, { dtype: 'bool', shape: [] }, ...types],
    (inner) => {
      const [step, , ...before] = inner.inputs
      return [...inner.replay(attributes.body, inner.inputs).slice(0, 1 + carried.length), step!, ...before]
    },
  )
  const given = [0, 1].map((input) => (context.has(input) ? context.input(input) : undefined))
  return write
    .addMany('Loop', [...given, ...carried], 2 * carried.length + 1, [attribute.graph('body', recording)])
    .slice(carried.length)
}
