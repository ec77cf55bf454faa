/**
 * How an operator is differentiated: its rule adds nodes to the graph that compute the gradient of a scalar with respect
 * to the operator's inputs, from the gradients with respect to its outputs (reverse mode; Griewank & Walther, "Evaluating
 * Derivatives", 2nd edition, chapter 3.2). What a rule adds are operators with rules of their own, so that gradients of
 * gradients are the same transformation once more.
 */
import type { HostArray } from '../core/host-array'
import type { KnownDType } from '../core/dtypes'
import { attribute, type Attribute, type Dim, type Graph } from '../graph/model'
import type { AttributeSchema } from './attributes'
import type { NodeView, TensorType } from './op'

/** A value of the graph that is built: its name. */
export type ValueName = string

/** Adds nodes of opset 25 at the end of a graph. Types are inferred as nodes come. */
export interface GraphWriter {
  /**
   * @param inputs undefined or '' for an omitted optional one
   * @param attributes undefined ones are left out
   * @returns the node's first output
   * @throws ShapeError, UnsupportedError where inputs do not fit the operator
   */
  add(
    opType: string,
    inputs: readonly (ValueName | undefined)[],
    attributes?: readonly (Attribute | undefined)[],
    domain?: string,
  ): ValueName
  addMany(
    opType: string,
    inputs: readonly (ValueName | undefined)[],
    outputs: number,
    attributes?: readonly (Attribute | undefined)[],
    domain?: string,
  ): ValueName[]
  /** A constant; one of equal content stands once in the graph. */
  constant(array: HostArray): ValueName
  /** A scalar constant; default float32. */
  number(value: number, dtype?: KnownDType): ValueName
  /** A constant int64 list. */
  integers(values: readonly number[]): ValueName
  /** Dtype and shape, with symbols where sizes are open. @throws ShapeError for a value that is not known */
  type(value: ValueName): TensorType
  /** The value itself, where it is known while the graph is built. */
  known(value: ValueName): HostArray | undefined
}

/** Given to gradient rules. Inputs and outputs are addressed by their place. */
export interface GradientContext<S extends AttributeSchema> extends NodeView<S> {
  readonly write: GraphWriter
  has(input: number): boolean
  /** Whether anybody asks for the gradient of this input: others may stay undefined. */
  needs(input: number): boolean
  input(index: number): ValueName
  /** An output of the node, which gets it where it did not list it (Indices of MaxPool). */
  output(index: number): ValueName
  /** undefined: the scalar does not depend on this output. */
  gradient(output: number): ValueName | undefined
  /** Outer values that sub-graphs of the node read, and whose gradients are asked for. */
  readonly captured: readonly ValueName[]
  /** A graph for an attribute, which sees the values around the node. @param build gives its outputs */
  subGraph(inputs: readonly TensorType[], build: (inner: InnerGraph) => readonly ValueName[]): Graph
}

/** A sub-graph that is built. */
export interface InnerGraph {
  readonly write: GraphWriter
  readonly inputs: readonly ValueName[]
  /** Adds the nodes of a graph, with these inputs. @returns its outputs */
  replay(graph: Graph, inputs: readonly ValueName[]): readonly ValueName[]
  /** Carries gradients of values back to others. @returns of each of `wrt`; undefined: zero */
  pullback(
    gradients: Iterable<readonly [ValueName, ValueName]>,
    wrt: readonly ValueName[],
  ): readonly (ValueName | undefined)[]
}

/** One gradient per input and then per captured value, of its dtype and shape; undefined: zero, not needed, or an input without derivative. */
export type GradientRule<S extends AttributeSchema> = {
  // a method's type, so that operators with attributes of their own fit into one list
  rule(context: GradientContext<S>): readonly (ValueName | undefined)[]
}['rule']

/** The shape of a value whose rank is known. @throws ShapeError through `fail` */
export function shapeOf<S extends AttributeSchema>(context: GradientContext<S>, value: ValueName): readonly Dim[] {
  return context.write.type(value).shape ?? context.fail(`the rank of ${value} must be known to differentiate it`)
}

/**
 * The gradient of a value that was broadcast: `gradient` summed over the axes along which `like` was repeated.
 * Sizes that are one symbol are equal; a symbol beside a 1 is taken for more than 1.
 */
export function sumTo<S extends AttributeSchema>(
  context: GradientContext<S>,
  gradient: ValueName,
  like: ValueName,
): ValueName {
  const { write } = context
  const [from, to] = [shapeOf(context, gradient), shapeOf(context, like)]
  const extra = from.length - to.length
  const isRepeated = (axis: number) => axis < extra || (to[axis - extra] === 1 && from[axis] !== 1)
  const axes = from.flatMap((_, axis) => (isRepeated(axis) ? [axis] : []))
  if (axes.length === 0) return gradient
  const sum = write.add('ReduceSum', [gradient, write.integers(axes)])
  return extra === 0 ? sum : reshapedLike(context, sum, like)
}

/** `value` under the shape of `like`, which has as many elements. */
export function reshapedLike<S extends AttributeSchema>(
  { write }: GradientContext<S>,
  value: ValueName,
  like: ValueName,
): ValueName {
  // sizes of 0 are sizes, not copies
  return write.add('Reshape', [value, write.add('Shape', [like])], [attribute.int('allowzero', 1)])
}

/** `value` repeated to the shape of `like`, to which it broadcasts. */
export function expandedLike<S extends AttributeSchema>(
  context: GradientContext<S>,
  value: ValueName,
  like: ValueName,
): ValueName {
  const [from, to] = [shapeOf(context, value), shapeOf(context, like)]
  const isSame = from.length === to.length && to.every((dim, axis) => dim !== null && dim === from[axis])
  return isSame ? value : context.write.add('Expand', [value, context.write.add('Shape', [like])])
}

/** Zeros of the dtype and shape of a value. */
export const zerosLike = (write: GraphWriter, value: ValueName): ValueName =>
  write.add('Expand', [write.number(0, write.type(value).dtype), write.add('Shape', [value])])

/** The size of one axis, as a list of one. */
export function sizeAlong<S extends AttributeSchema>(
  context: GradientContext<S>,
  value: ValueName,
  axis: number,
): ValueName {
  const start = axis < 0 ? axis + shapeOf(context, value).length : axis
  return context.write.add('Shape', [value], [attribute.int('start', start), attribute.int('end', start + 1)])
}
