import type { BinaryName, Expression, KernelCall } from '../backends/kernel-calls'
import { requireKind, type Kind } from './dtype-kinds'
import { binary, broadcastShape, formulaFor, mapElements, mapOf } from './elementwise'
import type { Formula } from './formula'
import { sumTo, type ValueName } from './gradient'
import { defineOperator, differentiable, FLOAT32, type Operator, type Tolerance } from './op'
import { broadcastInputs } from './shapes'

/** Inputs of one call. */
const MOST_AT_ONCE = 7

export interface VariadicOptions {
  readonly name: string
  readonly attributes: Record<never, never>
  readonly takes: Kind
  readonly combine: (a: number, b: number) => number
  /** For int64 and uint64; without it they are refused. */
  readonly combineBig?: (a: bigint, b: bigint) => bigint
  /** How machines combine two. */
  readonly kernel: BinaryName
  /** Applied to the combination of all `count`; absent: as it is. */
  readonly finish?: {
    compute: (all: number, count: number) => number
    expression: (all: Expression, count: number) => Expression
  }
  readonly gradient: VariadicGradient
  readonly tolerance?: Tolerance
}

/** The gradient of every input, of the broadcast shape. */
export type VariadicGradient = (
  f: Formula,
  values: { inputs: readonly ValueName[]; y: ValueName; dy: ValueName },
) => readonly ValueName[]

/** Of the inputs that are the result: they share its gradient. */
export const sharedByEqual: VariadicGradient = (f, { inputs, y, dy }) => {
  const hits = inputs.map((x) => f.count(f.equal(x, y)))
  if (hits.length === 1) return [dy]
  const share = f.div(dy, f.of('Sum', ...hits))
  return hits.map((hit) => f.mul(hit, share))
}

/** y = f(…f(f(x₀, x₁), x₂)…), all inputs broadcast together; of one input: itself. */
export function defineVariadic(options: VariadicOptions): Operator<Record<never, never>> {
  const { name, attributes, takes, combine, combineBig, kernel, finish } = options
  return defineOperator<Record<never, never>>({
    name,
    domain: '',
    attributes,
    inputs: [1, Infinity],
    infer(context) {
      const inputs = Array.from({ length: context.inputCount }, (_, i) => i)
      requireKind(context, 0, takes)
      const other = inputs.find((i) => context.dtype(i) !== context.dtype(0))
      if (other !== undefined)
        context.fail(`all inputs must have one type, not ${context.dtype(0)} and ${context.dtype(other)}`)
      return [{ dtype: context.dtype(0), shape: broadcastInputs(context, inputs) }]
    },
    reference(context, ...inputs) {
      const given = inputs.map((input) => input!)
      const result = context.empty(given[0]!.dtype, broadcastShape(...given.map(({ shape }) => shape)))
      mapElements(
        context,
        given,
        result,
        (...elements) => {
          const all = (elements as number[]).reduce((a, b) => combine(a, b))
          return finish ? finish.compute(all, elements.length) : all
        },
        combineBig && ((...elements) => (elements as bigint[]).reduce((a, b) => combineBig(a, b))),
      )
      return [result]
    },
    gradient: differentiable((context) => {
      const dy = context.gradient(0)
      if (!dy) return []
      const inputs = Array.from({ length: context.inputCount }, (_, i) => context.input(i))
      const gradients = options.gradient(formulaFor(context, dy), { inputs, y: context.output(0), dy })
      return inputs.map((input, i) => (context.needs(i) ? sumTo(context, gradients[i]!, input) : undefined))
    }),
    lower(context) {
      const inputs = Array.from({ length: context.inputCount }, (_, i) => context.input(i))
      const output = context.output(0)
      const calls: KernelCall[] = []
      // no call reads more than a GPU can bind
      for (;;) {
        const some = inputs.splice(0, MOST_AT_ONCE)
        let all: Expression = { input: 0 }
        for (let i = 1; i < some.length; i++) all = binary(kernel, all, { input: i })
        const isLast = inputs.length === 0
        const target = isLast ? output : context.scratch(output.dtype, output.shape)
        const call = mapOf(some, target, isLast && finish ? finish.expression(all, context.inputCount) : all)
        if (!call) return null
        calls.push(call)
        if (isLast) return calls
        inputs.unshift(target)
      }
    },
    tolerance: options.tolerance ?? FLOAT32,
  })
}
