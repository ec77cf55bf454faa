import * as a from '../attributes'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { loopGradient } from './gradient'
import { gather, MOST_STEPS, runBody } from '../loops'
import { defineOperator, EXACT, differentiable, onHost, type TensorType } from '../op'

const attributes = { body: a.graph() }

/**
 * for i < tripCount while condition: (condition, carried…, scanned…) = body(i, condition, carried…) (ONNX Loop-25).
 * Outputs: the last carried values, then each scanned value of all steps along a new first axis.
 */
export const loop = defineOperator({
  name: 'Loop',
  domain: '',
  attributes,
  inputs: [2, Infinity],
  infer(context) {
    const { body } = context.attributes
    const carried: (TensorType | undefined)[] = []
    // a carried value may change its shape from step to step, so only its dtype is sure
    for (let i = 2; i < context.inputCount; i++) carried.push({ dtype: context.dtype(i), shape: undefined })
    const inner = context.inferGraph(body, [{ dtype: 'int64', shape: [] }, { dtype: 'bool', shape: [] }, ...carried])
    const scanned = inner
      .slice(1 + carried.length)
      .map((type) => type && { dtype: type.dtype, shape: type.shape && [null, ...type.shape] })
    return [...carried, ...scanned]
  },
  async reference(context, tripCount, condition, ...initial) {
    const { body } = context.attributes
    const limit = tripCount ? Number(numbersOf(tripCount)[0]) : Infinity
    let carried = initial as HostArray[]
    let goesOn = condition ? condition.values[0] !== 0 : true
    const scanned: HostArray[][] = body.outputs.slice(1 + carried.length).map(() => [])
    for (let step = 0; step < limit && goesOn; step++) {
      if (step === MOST_STEPS) context.refuse(`a loop that has not ended after ${MOST_STEPS} steps`)
      const [next, ...values] = await runBody(context, body, [
        hostArray('int64', [], [step]),
        hostArray('bool', [], [1]),
        ...carried,
      ])
      goesOn = next!.values[0] !== 0
      carried = values.slice(0, carried.length)
      values.slice(carried.length).forEach((value, i) => scanned[i]!.push(value))
    }
    return [...carried, ...scanned.map((entries, i) => gather(context, entries, body, 1 + carried.length + i))]
  },
  gradient: differentiable<typeof attributes>(loopGradient),
  lower: onHost('the number of steps depends on values'),
  tolerance: EXACT,
})
