/** Cases of operators as functions to be differentiated. Not part of the product. */
import { isKnownDType } from '../core/dtypes'
import { hostArray, type HostArray } from '../core/host-array'
import { GraphBuilder, isDifferentiableType } from '../engine/build/graph-builder'
import { normalize } from '../engine/normalize'
import { attribute } from '../graph/model'
import { findOperator } from '../ops'
import { feedsOfCase, modelOfCase, type OperatorCase } from './operator-cases'

const operatorOf = ({ operator }: OperatorCase) => {
  const [domain, name] = operator.includes(':') ? operator.split(':') : ['', operator]
  return findOperator(domain ?? '', name ?? '')
}

const isFloatInput = (dtype: string) => isKnownDType(dtype as never) && /^(b?float16|float32|float64)$/.test(dtype)

/** Whether it has a float input that is no constant, computes something, and its operator has a derivative. */
export function isDifferentiableCase(one: OperatorCase): boolean {
  const hasInput = withConstants(one).inputs.some((input) => input && !input.isConstant)
  return !one.error && hasInput && operatorOf(one)?.gradient.gradient === 'rule'
}

export interface GradientCase {
  readonly builder: GraphBuilder
  /** Σ of all float outputs, each element with a weight of its own. */
  readonly loss: string
  readonly feeds: ReadonlyMap<string, HostArray>
}

/** undefined: none of its outputs is a float. */
export async function gradientCase(given: OperatorCase): Promise<GradientCase | undefined> {
  const one = withConstants(given)
  const { model, loaded } = await normalize(modelOfCase(one))
  const outputs = model.graph.outputs.map(({ name }) => name)
  model.graph.outputs = []
  const builder = new GraphBuilder(model.graph, loaded)
  const parts = outputs.filter((name) => isDifferentiableType(builder.type(name))).map((name) => weighed(builder, name))
  if (parts.length === 0) return undefined
  return { builder, loss: parts.length === 1 ? parts[0]! : builder.add('Sum', parts), feeds: feedsOfCase(one) }
}

/** Float inputs that say how much, how many or where: nobody trains them. */
const SETTINGS: Readonly<Record<string, readonly number[]>> = {
  Dropout: [1],
  OneHot: [0, 1],
  Resize: [1, 2],
}

/** Settings, axes, indices and other whole numbers as a model stores them. */
function withConstants(one: OperatorCase): OperatorCase {
  const settings = SETTINGS[one.operator] ?? []
  return {
    ...one,
    inputs: one.inputs.map((input, i) => {
      const isTrained = input && isFloatInput(input.dtype) && !settings.includes(i)
      return input && (isTrained ? input : { ...input, isConstant: true })
    }),
  }
}

function weighed(builder: GraphBuilder, value: string): string {
  const { dtype } = builder.type(value)
  const flat = builder.add('Reshape', [value, builder.integers([-1])])
  const shape = builder.add('Shape', [flat])
  // 0.3 + 0.11 · (i mod 7): no two neighbours are alike
  const count = builder.add('Range', [
    builder.number(0, 'int64'),
    builder.add('Squeeze', [shape]),
    builder.number(1, 'int64'),
  ])
  const turns = builder.add('CastLike', [builder.add('Mod', [count, builder.number(7, 'int64')]), flat])
  const weights = builder.add('Add', [
    builder.add('Mul', [turns, builder.constant(hostArray(dtype, [], [0.125]))]),
    builder.constant(hostArray(dtype, [], [0.25])),
  ])
  return builder.add('ReduceSum', [builder.add('Mul', [flat, weights])], [attribute.int('keepdims', 0)])
}
