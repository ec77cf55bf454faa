import { hostArray, type HostArray } from '../../core/host-array'
import { float, floats, int64, int64s, optional, tensor, text, texts, type Attributes } from '../attributes'
import { aliasCall } from '../movement'
import { defineOperator, EXACT, notDifferentiable, type NodeView } from '../op'

const attributes = {
  value: optional(tensor()),
  value_float: optional(float()),
  value_floats: optional(floats()),
  value_int: optional(int64()),
  value_ints: optional(int64s()),
  value_string: optional(text()),
  value_strings: optional(texts()),
}

/** The one attribute that is given. */
function valueOf(context: Pick<NodeView<typeof attributes>, 'attributes' | 'fail' | 'refuse'>): HostArray {
  const given: Attributes<typeof attributes> = context.attributes
  const count = Object.values(given).filter((one) => one !== undefined).length
  if (count !== 1) context.fail(`one value must be given, not ${count}`)
  if (given.value_string !== undefined || given.value_strings) context.refuse('texts')
  if (given.value_float !== undefined) return hostArray('float32', [], [given.value_float])
  if (given.value_floats) return hostArray('float32', [given.value_floats.length], given.value_floats)
  if (given.value_int !== undefined) return hostArray('int64', [], [given.value_int])
  if (given.value_ints) return hostArray('int64', [given.value_ints.length], given.value_ints)
  return given.value as HostArray
}

/** A value that the node holds; sparse ones are not taken. */
export const constant = defineOperator({
  name: 'Constant',
  domain: '',
  attributes,
  inputs: [0, 0],
  infer(context) {
    const { dtype, shape } = valueOf(context)
    return [{ dtype, shape }]
  },
  reference: (context) => [valueOf(context)],
  gradient: notDifferentiable('it has no inputs'),
  lower: (context) => [aliasCall(context.store(valueOf(context)), context.output(0))],
  tolerance: EXACT,
})
