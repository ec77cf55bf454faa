/** What operators that treat every element alone have in common. */
import type {
  BinaryName,
  Expression,
  IntegerExpression,
  IntegerMapCall,
  MapCall,
  Operand,
  UnaryName,
} from '../backends/kernel-calls'
import type { KnownDType } from '../core/dtypes'
import { isBig, setValue, type HostArray } from '../core/host-array'
import type { Dim } from '../graph/model'
import type { AttributeSchema, Attributes } from './attributes'
import { isOfKind, requireKind, type Kind } from './dtype-kinds'
import { Formula } from './formula'
import { sumTo, type GradientContext, type ValueName } from './gradient'
import {
  defineOperator,
  differentiable,
  FLOAT32,
  type AsActivation,
  type Differentiable,
  type InferContext,
  type LowerContext,
  type NotDifferentiable,
  type Operator,
  type ReferenceContext,
  type Tolerance,
} from './op'
import { broadcastInputs, broadcastStrides, forEachIndex } from './shapes'

/** A formula for one element: its number in double precision, and how machines compute it in float32. */
export interface UnaryOptions<S extends AttributeSchema> {
  readonly name: string
  readonly attributes: S
  /** Element types it takes; default: all. */
  readonly takes?: Kind
  /** y of one element; `attributes` are the node's. */
  readonly compute: (x: number, attributes: Attributes<S>) => number | boolean
  /** For int64 and uint64; without it they are refused. */
  readonly computeBig?: (x: bigint, attributes: Attributes<S>) => bigint
  /** null: no kernel for it. Where it makes sense for integers, they are computed by it as well. */
  readonly expression: ((x: Expression, attributes: Attributes<S>) => Expression) | null
  /** Of integers, where that is another formula. */
  readonly integers?: (x: IntegerExpression, attributes: Attributes<S>) => IntegerExpression
  /** Where there is no formula: the reason, for the plan's explanation. */
  readonly onHost?: string
  /** Default: the input's. */
  readonly output?: KnownDType
  readonly asActivation?: AsActivation<S>
  readonly tolerance?: Tolerance
  readonly domain?: string
  readonly gradient: UnaryGradient<S> | Differentiable<never> | NotDifferentiable
}

/** dx of one element, from x, y = f(x) and dy: nodes that `f` adds. */
export type UnaryGradient<S extends AttributeSchema> = (
  f: Formula,
  values: { x: ValueName; y: ValueName; dy: ValueName },
  attributes: Attributes<S>,
) => ValueName

/** y = f(x), shape and dtype kept. */
export function defineUnary<const S extends AttributeSchema>(options: UnaryOptions<S>): Operator<S> {
  const { name, attributes, compute, computeBig, expression, integers, output } = options
  return defineOperator<S>({
    name,
    domain: options.domain ?? '',
    attributes,
    inputs: [1, 1],
    infer(context) {
      requireKind(context, 0, options.takes ?? 'any')
      return [{ dtype: output ?? context.dtype(0), shape: context.shape(0) }]
    },
    reference(context, x) {
      const result = context.empty(output ?? x!.dtype, x!.shape)
      mapElements(
        context,
        [x!],
        result,
        (a) => compute(a as number, context.attributes),
        computeBig && ((a) => computeBig(a as bigint, context.attributes)),
      )
      return [result]
    },
    gradient: typeof options.gradient === 'function' ? unaryRule(options.gradient) : options.gradient,
    lower:
      expression || integers
        ? (context) =>
            mapCall(
              context,
              expression?.({ input: 0 }, context.attributes),
              integers?.({ input: 0 }, context.attributes),
            )
        : { onHost: options.onHost ?? 'no kernel has this formula' },
    ...(options.asActivation && { asActivation: options.asActivation }),
    tolerance: options.tolerance ?? FLOAT32,
  })
}

const unaryRule = <S extends AttributeSchema>(derive: UnaryGradient<S>) =>
  differentiable<S>((context) => {
    const [x, y, dy] = [context.input(0), context.output(0), context.gradient(0)]
    return dy ? [derive(formulaFor(context, x), { x, y, dy }, context.attributes)] : []
  })

/** Formulas over values of the type of `value`. */
export const formulaFor = <S extends AttributeSchema>({ write }: GradientContext<S>, value: ValueName): Formula =>
  new Formula(write, write.type(value).dtype)

export interface BinaryOptions<S extends AttributeSchema> {
  readonly name: string
  readonly attributes: S
  /** Element types it takes; default: all. */
  readonly takes?: Kind
  /**
   * Of two elements. Integers narrower than 64 bits arrive as numbers; results wrap as the element type does. `fail` ends
   * in an error that names the node.
   */
  readonly compute: (a: number, b: number, attributes: Attributes<S>, dtype: KnownDType, fail: Fail) => number | boolean
  /** For int64 and uint64; without it they are refused. */
  readonly computeBig?: (a: bigint, b: bigint, attributes: Attributes<S>, fail: Fail) => bigint | boolean
  /** What else the node must satisfy, checked with its shapes. */
  readonly check?: (context: InferContext<S>) => void
  /** Of two sizes, one of them a symbol: where shape arithmetic uses the operator. null: not known. */
  readonly dims?: (a: Dim, b: Dim) => Dim
  /** null: no kernel for it. Where it makes sense for integers, they are computed by it as well. */
  readonly expression: ((a: Expression, b: Expression, attributes: Attributes<S>) => Expression) | null
  /** Of integers, where that is another formula. */
  readonly integers?: (a: IntegerExpression, b: IntegerExpression, attributes: Attributes<S>) => IntegerExpression
  /** Where there is no formula: the reason, for the plan's explanation. */
  readonly onHost?: string
  readonly output?: KnownDType
  readonly tolerance?: Tolerance
  readonly domain?: string
  /** da and db, of the broadcast shape; null: zero. */
  readonly gradient: readonly [BinaryGradient<S> | null, BinaryGradient<S> | null] | NotDifferentiable
}

/** The gradient of one input, from a, b, y = f(a, b) and dy: nodes that `f` adds. */
export type BinaryGradient<S extends AttributeSchema> = (
  f: Formula,
  values: { a: ValueName; b: ValueName; y: ValueName; dy: ValueName },
  attributes: Attributes<S>,
) => ValueName

const binaryRule = <S extends AttributeSchema>(derive: readonly (BinaryGradient<S> | null)[]) =>
  differentiable<S>((context) => {
    const dy = context.gradient(0)
    if (!dy) return []
    const values = { a: context.input(0), b: context.input(1), y: context.output(0), dy }
    return derive.map((one, input) => {
      if (!one || !context.needs(input)) return undefined
      const value = context.input(input)
      return sumTo(context, one(formulaFor(context, value), values, context.attributes), value)
    })
  })

export type Fail = (rule: string) => never

/** y = f(a, b), broadcast as in NumPy; both of one dtype. */
export function defineBinary<const S extends AttributeSchema>(options: BinaryOptions<S>): Operator<S> {
  const { name, attributes, compute, computeBig, expression, integers, output, dims } = options
  return defineOperator<S>({
    name,
    domain: options.domain ?? '',
    attributes,
    inputs: [2, 2],
    infer(context) {
      requireKind(context, 0, options.takes ?? 'any')
      if (context.dtype(0) !== context.dtype(1))
        context.fail(`both inputs must have one type, not ${context.dtype(0)} and ${context.dtype(1)}`)
      options.check?.(context)
      return [{ dtype: output ?? context.dtype(0), shape: broadcastInputs(context, [0, 1]) }]
    },
    ...(dims && { inferDims: (context) => dimsOf(context, dims) }),
    reference(context, a, b) {
      const fail: Fail = (rule) => context.fail(rule)
      const shape = broadcastShape(a!.shape, b!.shape)
      const result = context.empty(output ?? a!.dtype, shape)
      mapElements(
        context,
        [a!, b!],
        result,
        (x, y) => compute(x as number, y as number, context.attributes, a!.dtype, fail),
        computeBig && ((x, y) => computeBig(x as bigint, y as bigint, context.attributes, fail)),
      )
      return [result]
    },
    gradient: Array.isArray(options.gradient)
      ? binaryRule<S>(options.gradient)
      : (options.gradient as NotDifferentiable),
    lower:
      expression || integers
        ? (context) => {
            const [a, b] = [{ input: 0 }, { input: 1 }]
            return mapCall(context, expression?.(a, b, context.attributes), integers?.(a, b, context.attributes))
          }
        : { onHost: options.onHost ?? 'no kernel has this formula' },
    tolerance: options.tolerance ?? FLOAT32,
  })
}

/** Sizes of which some are symbols, one by one; a list of one goes with all of the other. */
function dimsOf<S extends AttributeSchema>(
  context: InferContext<S>,
  combine: (a: Dim, b: Dim) => Dim,
): readonly Dim[] | undefined {
  if (!isOfKind('integer', context.dtype(0))) return undefined
  const a = context.dims(0)
  const b = context.dims(1)
  if (!a || !b || (a.length !== b.length && a.length !== 1 && b.length !== 1)) return undefined
  const count = a.length === 1 ? b.length : a.length
  return Array.from({ length: count }, (_, i) =>
    combine(a[a.length === 1 ? 0 : i] as Dim, b[b.length === 1 ? 0 : i] as Dim),
  )
}

/** Shapes that are known to fit. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[shape.length - rank + axis] ?? 1)
    return sizes.find((size) => size !== 1) ?? 1
  })
}

type Element = number | bigint
type Compute = (...elements: Element[]) => Element | boolean

/** result[i] = compute(inputs[i]…), broadcast. 64-bit integers go to `computeBig`. */
export function mapElements<S extends AttributeSchema>(
  context: Pick<ReferenceContext<S>, 'refuse'>,
  inputs: readonly HostArray[],
  result: HostArray,
  compute: Compute,
  computeBig?: Compute,
): void {
  const isBigInput = inputs.some(({ dtype }) => isBig(dtype))
  if (isBigInput && !computeBig) context.refuse('64-bit integers')
  const apply = isBigInput ? (computeBig as Compute) : compute
  const values = inputs.map((input) => input.values)
  const strides = inputs.map((input) => broadcastStrides(input.shape, result.shape))
  const elements = new Array<Element>(inputs.length)
  const isPlain =
    result.values instanceof Float64Array || (result.values instanceof Float32Array && result.dtype === 'float32')
  forEachIndex(result.shape, strides, (position, offsets) => {
    for (let k = 0; k < values.length; k++)
      elements[k] = (values[k] as HostArray['values'])[offsets[k] as number] as Element
    const y = apply(...elements)
    if (isPlain) result.values[position] = Number(y)
    else setValue(result, position, typeof y === 'boolean' ? Number(y) : y)
  })
}

const IS_MAPPABLE = new Set<KnownDType>(['float32', 'bool'])

/** One call over all inputs of the node; null where a dtype has no kernel. */
export function mapCall<S extends AttributeSchema>(
  context: LowerContext<S>,
  expression: Expression | undefined,
  integers?: IntegerExpression,
): readonly (MapCall | IntegerMapCall)[] | null {
  const inputs: Operand[] = []
  for (let i = 0; i < context.inputCount; i++) inputs.push(context.input(i))
  const call = mapOf(inputs, context.output(0), expression, integers)
  return call && [call]
}

/** In float32, or in integers: by a formula of their own, or by that for floats where it makes sense for them. */
export function mapOf(
  inputs: readonly Operand[],
  output: Operand,
  expression: Expression | undefined,
  integers?: IntegerExpression,
): MapCall | IntegerMapCall | null {
  const dtypes = [...inputs, output].map(({ dtype }) => dtype)
  if (dtypes.every((dtype) => IS_MAPPABLE.has(dtype))) {
    return expression ? { kernel: 'map', expression, inputs, output } : null
  }
  const [dtype, ...others] = new Set(dtypes.filter((one) => one !== 'bool'))
  if (dtype === undefined || others.length > 0 || !isOfKind('integer', dtype)) return null
  const formula = integers ?? (expression && ofIntegers(expression, dtype))
  return formula ? { kernel: 'integerMap', dtype, expression: formula, inputs, output } : null
}

const INTEGER_NAMES = new Set<UnaryName | BinaryName>([
  ...(['abs', 'neg', 'sign', 'not'] as const),
  ...(['add', 'sub', 'mul', 'div', 'pow', 'min', 'max', 'less', 'lessOrEqual', 'equal'] as const),
])

/** A formula for floats as one of integers; undefined where it computes with fractions or with signs that the type lacks. */
function ofIntegers(expression: Expression, dtype: KnownDType): IntegerExpression | undefined {
  const makesSense = (one: Expression): boolean => {
    if ('input' in one) return true
    if ('constant' in one) return Number.isInteger(one.constant) && (one.constant >= 0 || !isOfKind('unsigned', dtype))
    if ('unary' in one) return INTEGER_NAMES.has(one.unary) && makesSense(one.of)
    if ('binary' in one) return INTEGER_NAMES.has(one.binary) && makesSense(one.left) && makesSense(one.right)
    return makesSense(one.select) && makesSense(one.then) && makesSense(one.otherwise)
  }
  return makesSense(expression) ? (expression as IntegerExpression) : undefined
}

// Building blocks of expressions.
export const constant = (value: number): Expression => ({ constant: value })
export const unary = (name: UnaryName, of: Expression): Expression => ({
  unary: name,
  of,
})
export const binary = (name: BinaryName, left: Expression, right: Expression): Expression => ({
  binary: name,
  left,
  right,
})
export const select = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
  select: condition,
  then,
  otherwise,
})
