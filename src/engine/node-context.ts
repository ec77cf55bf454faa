import { ShapeError, UnsupportedError } from '../core/errors'
import { integersOf, type HostArray } from '../core/host-array'
import type { Dim, Graph, Node } from '../graph/model'
import { findOperator } from '../ops'
import { readAttributes, type AttributeSchema, type Attributes } from '../ops/attributes'
import type { InferContext, NodeView, Operator, TensorType } from '../ops/op'
import type { Normalized } from './normalize'

/** A node with its operator and its attributes, read and checked once. */
export interface BoundNode {
  readonly node: Node
  readonly operator: Operator
  readonly attributes: Attributes<AttributeSchema>
}

/** 'Conv "conv1"', for messages. */
export const titleOf = (node: Node): string =>
  `${node.domain === '' ? '' : `${node.domain}::`}${node.opType} "${node.name || (node.outputs[0] ?? '')}"`

/**
 * @throws UnsupportedError for an operator that is not known, or attributes and inputs that do not belong to it
 */
export function bindNode(node: Node, { loaded, operators }: Pick<Normalized, 'loaded' | 'operators'>): BoundNode {
  const operator = operators?.get(node.opType) ?? findOperator(node.domain, node.opType)
  if (!operator) throw new UnsupportedError(`${titleOf(node)}: the engine has no such operator.`)
  const attributes = readAttributes(operator.attributes, node, loaded)
  if (typeof attributes === 'string') throw new UnsupportedError(`${titleOf(node)}: ${attributes}.`)
  const [fewest, most] = operator.inputs
  const count = node.inputs.length
  if (count < fewest || count > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most === Infinity ? 'any number' : most}`
    throw new UnsupportedError(`${titleOf(node)}: it has ${count} inputs, and ${wanted} are expected.`)
  }
  return { node, operator, attributes }
}

/** What rules see of a node. `shapes` are those of its inputs, for messages. */
export function viewOf(
  bound: BoundNode,
  shapes: () => readonly (readonly Dim[] | undefined)[],
): NodeView<AttributeSchema> {
  const { node, attributes } = bound
  return {
    attributes,
    inputCount: node.inputs.length,
    outputCount: node.outputs.length,
    wants: (output) => (node.outputs[output] ?? '') !== '',
    fail: (rule) => {
      const given = shapes().map((shape, i) => (node.inputs[i] === '' ? 'none' : describeShape(shape)))
      throw new ShapeError(`${titleOf(node)}: ${rule}. Its inputs have the shapes ${given.join(', ')}.`)
    },
    refuse: (what) => {
      throw new UnsupportedError(`${titleOf(node)}: the engine does not compute it with ${what}.`)
    },
  }
}

const describeShape = (shape: readonly Dim[] | undefined): string =>
  shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : '[unknown]'

export interface InferSource {
  readonly types: readonly (TensorType | undefined)[]
  constant(input: number): HostArray | undefined
  dims(input: number): readonly Dim[] | undefined
  inferGraph(graph: Graph, inputs: readonly (TensorType | undefined)[]): readonly (TensorType | undefined)[]
}

/** The context of a shape rule. Every input that the node names must have a type. */
export function inferContext(bound: BoundNode, source: InferSource): InferContext<AttributeSchema> {
  const { node } = bound
  const view = viewOf(bound, () => node.inputs.map((_, i) => source.types[i]?.shape))
  return {
    ...view,
    has: (input) => (node.inputs[input] ?? '') !== '',
    dtype: (input) => source.types[input]?.dtype ?? view.fail(`input ${input} is missing`),
    shape: (input) => source.types[input]?.shape,
    constant: (input) => source.constant(input),
    dims(input) {
      const known = source.constant(input)
      return known && known.shape.length <= 1 ? integersOf(known) : source.dims(input)
    },
    inferGraph: (graph, inputs) => source.inferGraph(graph, inputs),
  }
}
