import type { Activation, KernelCall, Operand } from '../backends/kernel-calls'
import type { KnownDType } from '../core/dtypes'
import type { HostArray } from '../core/host-array'
import type { Random } from '../core/random'
import type { Dim, Graph } from '../graph/model'
import type { AttributeSchema, Attributes } from './attributes'
import type { GradientRule } from './gradient'

/** What is known of a value before it is computed. `shape` is undefined where not even the rank is known. */
export interface TensorType {
  readonly dtype: KnownDType
  readonly shape: readonly Dim[] | undefined
}

/** The node a rule looks at. Names are for messages only. */
export interface NodeView<S extends AttributeSchema> {
  readonly attributes: Attributes<S>
  readonly inputCount: number
  /** Outputs that the node lists; trailing ones may be absent, and omitted ones have no name. */
  readonly outputCount: number
  wants(output: number): boolean
  /** Throws a `ShapeError` that names node, operator, input shapes and this rule. */
  fail(rule: string): never
  /** Throws an `UnsupportedError` that names node and operator. */
  refuse(what: string): never
}

/** Given to shape rules. Inputs are addressed by their place; an omitted one has no type. */
export interface InferContext<S extends AttributeSchema> extends NodeView<S> {
  has(input: number): boolean
  /** Dtype of an input that must be there. */
  dtype(input: number): KnownDType
  /** undefined: rank unknown. */
  shape(input: number): readonly Dim[] | undefined
  /** The value of an input where it is known while planning: constants, and shape arithmetic on known sizes. */
  constant(input: number): HostArray | undefined
  /** A value that is known but for symbols, e.g. [batch, 3, 224]: of one-dimensional integer inputs. */
  dims(input: number): readonly Dim[] | undefined
  /** Types of a sub-graph's outputs, given the types of its inputs; undefined where they cannot be told. */
  inferGraph(graph: Graph, inputs: readonly (TensorType | undefined)[]): readonly (TensorType | undefined)[]
}

/** Given to references. */
export interface ReferenceContext<S extends AttributeSchema> extends NodeView<S> {
  /** Zeros, in double precision where the caller asked for it. */
  empty(dtype: KnownDType, shape: readonly number[]): HostArray
  /** Of this node alone: the same seed gives the same numbers, whatever else runs. */
  readonly random: Random
  /**
   * Computes a sub-graph on the machine that runs this graph; it sees the outer values it captures.
   * @throws AbortError, and whatever the graph throws
   */
  run(graph: Graph, inputs: readonly HostArray[]): Promise<readonly HostArray[]>
}

export type MaybeArray = HostArray | undefined
/** One array per output; undefined for those that nobody wants. */
export type Results = readonly MaybeArray[]

/** Given to lowerings: shapes are all known. */
export interface LowerContext<S extends AttributeSchema> extends NodeView<S> {
  has(input: number): boolean
  /** Of an input in the model; its operand may be of a wider one, with values that are not rounded yet. */
  dtype(input: number): KnownDType
  input(index: number): Operand
  output(index: number): Operand
  constant(input: number): HostArray | undefined
  /** Memory for the time of this node. */
  scratch(dtype: KnownDType, shape: readonly number[]): Operand
  /** A constant that the lowering computed, e.g. a transposed or folded weight. */
  store(array: HostArray): Operand
  /** Whether the machine has this kernel: an operator with several ways chooses by it. */
  supports(call: KernelCall): boolean
}

/**
 * What the planner needs to fuse a following activation into a kernel: see `Activation`. Only operators with one
 * input and one output that are such a function say it.
 */
export type AsActivation<S extends AttributeSchema> = {
  // a method's type, so that operators with attributes of their own fit into one list
  rule(context: LowerContext<S>): Activation | undefined
}['rule']

export type Lower<S extends AttributeSchema> = {
  rule(context: LowerContext<S>): readonly KernelCall[] | null
}['rule']

export interface NotDifferentiable {
  readonly gradient: 'none'
  readonly why: string
}
export interface Differentiable<S extends AttributeSchema> {
  readonly gradient: 'rule'
  readonly rule: GradientRule<S>
}
/** See `gradient.ts`. */
export const differentiable = <const S extends AttributeSchema>(rule: GradientRule<S>): Differentiable<S> => ({
  gradient: 'rule',
  rule,
})
/** Constant but for its steps, or of shapes alone: as in other frameworks, the derivative is 0. */
export const ZERO_DERIVATIVE: Differentiable<never> = { gradient: 'rule', rule: () => [] }
/** Integer or boolean results, indices: no derivative that means anything. */
export const notDifferentiable = (why: string): NotDifferentiable => ({ gradient: 'none', why })

/** |got − expected| ≤ absolute + relative · |expected|, for results in float32. Integers are always exact. */
export interface Tolerance {
  readonly absolute: number
  readonly relative: number
  /** Why it is wider than the default. */
  readonly reason?: string
}
export const EXACT: Tolerance = { absolute: 0, relative: 0 }
export const FLOAT32: Tolerance = { absolute: 1e-6, relative: 1e-5 }

/** The host computes it on every machine; `why` is shown by `plan.explain()`. */
export interface OnHost {
  readonly onHost: string
}
export const onHost = (why: string): OnHost => ({ onHost: why })

/**
 * An operator of opset 25, declared once. Every field is required: a forgotten rule is a type error.
 * `src/ops/README.md` explains each with an example.
 */
export interface Operator<S extends AttributeSchema = AttributeSchema> {
  /** As in the ONNX specification, e.g. 'Softmax'. */
  readonly name: string
  /** '' for ai.onnx. */
  readonly domain: string
  readonly attributes: S
  /** Fewest and most inputs; Infinity for variadic ones. */
  readonly inputs: readonly [number, number]
  /**
   * Types of the outputs, one per output that the operator can have; fewer where the node lists fewer. undefined where not
   * even the dtype can be told (sub-graphs).
   * @throws ShapeError through `context.fail`, when shapes are known and do not fit
   */
  infer(context: InferContext<S>): readonly (TensorType | undefined)[]
  /**
   * The value of output 0 while it still holds symbols ([batch, 3, 224]), of operators that shape arithmetic uses; a
   * one-dimensional or scalar integer output. undefined: not known.
   */
  inferDims?(context: InferContext<S>): readonly Dim[] | undefined
  /** Naive TypeScript with double-precision accumulation: the truth. Results are rounded to their dtype by the caller. */
  reference(context: ReferenceContext<S>, ...inputs: MaybeArray[]): Results | Promise<Results>
  readonly gradient: Differentiable<NoInfer<S>> | NotDifferentiable
  /** Kernel calls that compute the outputs; null where these types or shapes have no kernel and the host takes over. */
  readonly lower: Lower<S> | OnHost
  readonly asActivation?: AsActivation<S>
  readonly tolerance: Tolerance
}

/** Checks the fields against each other and keeps their types. */
export const defineOperator = <const S extends AttributeSchema>(operator: Operator<S>): Operator<S> => operator
