import { elementCount } from '../../core/dtypes'
import { hostArray, type HostArray } from '../../core/host-array'
import { divideDims, subtractDims } from '../dims'
import { requireKind } from '../dtype-kinds'
import { binary, formulaFor, mapOf } from '../elementwise'
import { reshapedLike, type ValueName } from '../gradient'
import { defineOperator, FLOAT32, differentiable, type InferContext, type NodeView } from '../op'
import { places } from '../scatter-add'
import type { Dims } from '../shapes'

type None = Record<never, never>
type Element = number | bigint

/** How many steps there are before the limit; bigints without rounding. */
function countOf(context: Pick<NodeView<None>, 'fail'>, start: Element, limit: Element, delta: Element): number {
  if (Number(delta) === 0) context.fail('the step is 0')
  if (typeof start === 'bigint' && typeof limit === 'bigint' && typeof delta === 'bigint') {
    const [way, step] = delta > 0n ? [limit - start, delta] : [start - limit, -delta]
    return way <= 0n ? 0 : Number((way + step - 1n) / step)
  }
  const count = Math.ceil((Number(limit) - Number(start)) / Number(delta))
  return Number.isFinite(count) ? Math.max(0, count) : context.fail('the number of steps is not finite')
}

const first = (array: HostArray): Element => array.values[0]!

function inferShape(context: InferContext<None>): Dims {
  const known = [0, 1, 2].map((input) => context.constant(input))
  if (known.every((array) => array !== undefined)) {
    const [start, limit, delta] = known.map(first) as [Element, Element, Element]
    return [countOf(context, start, limit, delta)]
  }
  const [start, limit, delta] = [0, 1, 2].map((input) => context.dims(input)?.[0] ?? null)
  const way = subtractDims(limit!, start!)
  return [typeof way === 'number' ? null : divideDims(way, delta!)]
}

/** start, start + delta, …: below `limit`, or above it where delta is negative. */
export const range = defineOperator({
  name: 'Range',
  domain: '',
  attributes: {},
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'signed')
    const dtype = context.dtype(0)
    for (const input of [0, 1, 2]) {
      const odd = context.shape(input)?.find((dim) => typeof dim === 'number' && dim !== 1)
      if (odd !== undefined) context.fail('start, limit and delta must be scalars')
      if (context.dtype(input) !== dtype) {
        context.fail(`start, limit and delta must have one type, not ${dtype} and ${context.dtype(input)}`)
      }
    }
    return [{ dtype, shape: inferShape(context) }]
  },
  reference(context, ...inputs) {
    const [start, limit, delta] = inputs.map((input) => first(input!)) as [Element, Element, Element]
    const count = countOf(context, start, limit, delta)
    const result = context.empty(inputs[0]!.dtype, [count])
    for (let i = 0; i < count; i++) {
      result.values[i] =
        typeof start === 'bigint' ? start + BigInt(i) * (delta as bigint) : start + i * (delta as number)
    }
    return [result]
  },
  // y = start + i · delta; where it ends changes by steps
  gradient: differentiable((context) => {
    const { write } = context
    const dy = context.gradient(0)!
    const f = formulaFor(context, dy)
    const sum = (value: ValueName, input: number) =>
      reshapedLike(context, write.add('ReduceSum', [value]), context.input(input))
    const counted = () => write.add('CastLike', [places(context, write.add('Shape', [dy])), dy])
    return [
      context.needs(0) ? sum(dy, 0) : undefined,
      undefined,
      context.needs(2) ? sum(f.mul(dy, counted()), 2) : undefined,
    ]
  }),
  lower(context) {
    const output = context.output(0)
    const [start, , delta] = [0, 1, 2].map((input) => context.constant(input)?.values[0])
    if (start === undefined || delta === undefined) return null
    const isExact = Number.isSafeInteger(Number(start)) && Number.isSafeInteger(Number(delta))
    if (typeof start === 'bigint' && !isExact) return null
    const places = Array.from({ length: elementCount(output.shape) }, (_, i) => i)
    const inputs = [context.store(hostArray(output.dtype, output.shape, places))]
    const step = binary('mul', { input: 0 }, { constant: Number(delta) })
    const call = mapOf(inputs, output, binary('add', { constant: Number(start) }, step))
    return call && [call]
  },
  tolerance: FLOAT32,
})
