/** Cases of operators as functions to be differentiated. Not part of the product. */
import { elementCount, isKnownDType, type KnownDType } from '../core/dtypes'
import { hostArray, type HostArray } from '../core/host-array'
import { checkGradient, type GradientMismatch } from '../engine/autodiff/check-gradient'
import { differentiate } from '../engine/autodiff/differentiate'
import { GraphBuilder, isDifferentiableType } from '../engine/build/graph-builder'
import { modelOf } from '../engine/build/model-of'
import { normalize } from '../engine/normalize'
import { attribute, type Model, type ValueInfo } from '../graph/model'
import { findOperator } from '../ops'
import { isKnown } from '../ops/shapes'
import type { TestMachine } from './planned'
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

interface GradientCase {
  readonly builder: GraphBuilder
  /** Σ of all float outputs, each element with a weight of its own. */
  readonly loss: string
  readonly feeds: ReadonlyMap<string, HostArray>
}

/** undefined: none of its outputs is a float. */
async function gradientCase(given: OperatorCase, isOpen = false): Promise<GradientCase | undefined> {
  const one = withConstants(given)
  const { model, loaded } = await normalize(modelOfCase(one))
  const batch = one.inputs[0]?.shape[0]
  if (isOpen) model.graph.inputs = model.graph.inputs.map((info) => withOpenBatch(info, batch))
  const outputs = model.graph.outputs.map(({ name }) => name)
  model.graph.outputs = []
  const builder = new GraphBuilder(model.graph, loaded)
  const parts = outputs.filter((name) => isDifferentiableType(builder.type(name))).map((name) => weighed(builder, name))
  if (parts.length === 0) return undefined
  return { builder, loss: parts.length === 1 ? parts[0]! : builder.add('Sum', parts), feeds: feedsOfCase(one) }
}

/** The first size of an input that has several axes becomes a symbol, where it is that of the first input. */
function withOpenBatch(info: ValueInfo, batch: number | undefined): ValueInfo {
  if (info.type?.kind !== 'tensor' || !info.type.shape) return info
  const [first, ...others] = info.type.shape
  if (others.length === 0 || first !== batch || batch === 1) return info
  return { ...info, type: { ...info.type, shape: ['batch', ...others] } }
}

/** As `checkGradientCase`, on the reference, while the size of the batch is not known. @returns what is wrong */
export async function checkOpenGradient(one: OperatorCase): Promise<readonly string[]> {
  const found = await gradientCase(one, true)
  if (!found) return []
  const { mismatches } = await checkGradient(found.builder, found.loss, found.feeds, { samples: 2 })
  return mismatches.map(said)
}

/** Float inputs that say how much, how many or where: nobody trains them. */
const SETTINGS: Readonly<Record<string, readonly number[]>> = {
  Dropout: [1],
  MaxRoiPool: [1],
  OneHot: [0, 1],
  Resize: [1, 2],
  RoiAlign: [1],
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

/** No two neighbours are alike. */
const weightAt = (i: number) => 0.25 + 0.125 * (i % 7)

/** Σ of all elements, each with a weight of its own; where their number depends on values, of their squares. */
function weighed(builder: GraphBuilder, value: string): string {
  const { dtype, shape } = builder.type(value)
  const keepdims = [attribute.int('keepdims', 0)]
  if (!isKnown(shape)) {
    const flat = builder.add('Reshape', [value, builder.integers([-1])])
    return builder.add('ReduceSumSquare', [flat], keepdims)
  }
  const weights = Array.from({ length: elementCount(shape) }, (_, i) => weightAt(i))
  const products = builder.add('Mul', [value, builder.constant(hostArray(dtype, shape, weights))])
  return builder.add('ReduceSum', [products], keepdims)
}

/** Some cases of each operator: those with the most float inputs. */
export function someOfEach(cases: readonly OperatorCase[], count: number): readonly OperatorCase[] {
  const trained = (one: OperatorCase) => withConstants(one).inputs.filter((input) => input && !input.isConstant).length
  const taken = new Map<string, number>()
  const sorted = [...cases].sort((a, b) => trained(b) - trained(a))
  return sorted.filter(({ operator }) => {
    const before = taken.get(operator) ?? 0
    taken.set(operator, before + 1)
    return before < count
  })
}

/**
 * The gradients of one case: in double precision on the reference against central differences, then those of machines
 * against the reference.
 * @returns what is wrong
 */
export async function checkGradientCase(
  one: OperatorCase,
  machines: readonly TestMachine[],
): Promise<readonly string[]> {
  const found = await gradientCase(one)
  if (!found) return []
  const { builder, loss, feeds } = found
  const { mismatches, gradients } = await checkGradient(builder, loss, feeds, { samples: 8 })
  const problems = mismatches.map(said)
  for (const machine of machines) {
    const results = await machine.run(gradientModel(builder, gradients), feeds)
    problems.push(...gradientProblems(results, gradients).map((text) => `${machine.name}: ${text}`))
  }
  return problems
}

/** The gradient of a function of the gradients, in double precision against central differences. @returns what is wrong */
export async function checkSecondOrder(one: OperatorCase): Promise<readonly string[]> {
  const found = await gradientCase(one)
  if (!found) return []
  const { builder, loss, feeds } = found
  const inputs = [...feeds].filter(([, { dtype }]) => isFloatInput(dtype)).map(([name]) => name)
  const gradients = [...differentiate(builder, loss, inputs).values()].map((value) => weighed(builder, value))
  const [first] = gradients
  const second = builder.add(
    'Sum',
    gradients.map((one) => builder.add('CastLike', [one, first])),
  )
  const { mismatches } = await checkGradient(builder, second, feeds, { samples: 3, absolute: 1e-5, relative: 1e-4 })
  return mismatches.map(said)
}

const said = ({ value, index, gradient, difference }: GradientMismatch): string =>
  `${value}[${index}]: gradient ${gradient}, difference ${difference}`

/** The graph whose outputs are gradients. */
const gradientModel = ({ graph }: GraphBuilder, gradients: ReadonlyMap<string, HostArray>): Model =>
  modelOf({ ...graph, outputs: [...gradients.keys()].map((name) => ({ name })) })

/** Sums of float32 numbers may cancel: what is left is as exact as the largest. */
const UNITS: Partial<Record<KnownDType, number>> = { float64: 1e-5, float32: 1e-5, float16: 2 ** -8, bfloat16: 2 ** -5 }

/** Beyond it float32 may overflow on the way. */
const MOST = 1e37

/** Where results are not those of the reference. */
function gradientProblems(
  results: ReadonlyMap<string, HostArray>,
  wanted: ReadonlyMap<string, HostArray>,
): readonly string[] {
  return [...wanted].flatMap(([name, { dtype, shape, values }]) => {
    const found = results.get(name)
    if (found?.dtype !== dtype || String(found.shape) !== String(shape)) {
      return [`${name} is ${found?.dtype}[${String(found?.shape)}] and not ${dtype}[${String(shape)}]`]
    }
    const targets = [...values].map(Number)
    const largest = Math.max(1, ...targets.filter(Number.isFinite).map(Math.abs))
    const bound = (UNITS[dtype] ?? 0) * largest
    return targets.flatMap((target, i) => {
      const isNear = Math.abs(Number(found.values[i]) - target) <= bound + 1e-4 * Math.abs(target)
      return isNear || !(Math.abs(target) < MOST) ? [] : [`${name}[${i}] is ${found.values[i]} and not ${target}`]
    })
  })
}
