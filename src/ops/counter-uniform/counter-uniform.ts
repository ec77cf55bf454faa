import { integersOf, numbersOf } from '../../core/host-array'
import { uniformAt } from '../../core/threefry'
import * as a from '../attributes'
import { PLUME } from '../gradient-parts'
import { defineOperator, EXACT, notDifferentiable } from '../op'

/**
 * Numbers in [0, 1), multiples of 2⁻²⁴: the i-th is a function of the key, of `stream` and of i alone, so that every machine finds
 * the same ones and a run can be repeated. The key is int32 [2], a seed and the number of a step for instance; two streams of one
 * graph are independent. Source: `core/threefry.ts`.
 */
export const counterUniform = defineOperator({
  name: 'CounterUniform',
  domain: PLUME,
  attributes: { stream: a.int(0) },
  inputs: [2, 2],
  infer(context) {
    const key = context.shape(0)
    if (context.dtype(0) !== 'int32') context.fail(`the key must be int32, not ${context.dtype(0)}`)
    const isPair = key?.length === 1 && (typeof key[0] !== 'number' || key[0] === 2)
    if (key && !isPair) context.fail('the key must have two words')
    return [{ dtype: 'float32', shape: context.dims(1) }]
  },
  reference(context, key, shape) {
    const result = context.empty('float32', integersOf(shape!))
    const [seed, step] = numbersOf(key!) as unknown as [number, number]
    for (let i = 0; i < result.values.length; i++) {
      result.values[i] = uniformAt([seed, step], context.attributes.stream, i)
    }
    return [result]
  },
  gradient: notDifferentiable('random numbers'),
  lower: (context) => [
    { kernel: 'random', key: context.input(0), output: context.output(0), stream: context.attributes.stream },
  ],
  tolerance: EXACT,
})
