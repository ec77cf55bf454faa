/** Types and shapes of every value of a graph, with symbols where sizes are open. */
import { elementCount, isKnownDType } from '../core/dtypes'
import { PlumeError } from '../core/errors'
import { emptyArray, isFloat, type HostArray } from '../core/host-array'
import { Random } from '../core/random'
import type { Dim, Graph, Node, ValueInfo } from '../graph/model'
import type { TensorType } from '../ops/op'
import { bindNode, inferContext, viewOf } from './node-context'
import type { Normalized } from './normalize'

export interface InferenceProblem {
  readonly node: Node
  /** The sentence of the `ShapeError` or `UnsupportedError`. */
  readonly message: string
}

export interface Inference {
  /** By value name, over all sub-graphs as well. A value that is missing could not be told. */
  readonly types: ReadonlyMap<string, TensorType>
  /** Nodes that are unknown or whose inputs do not fit; what depends on them is not known, all else is. */
  readonly problems: readonly InferenceProblem[]
}

/** Shape arithmetic has few elements; larger constants are weights and are not folded here. */
const MOST_ELEMENTS = 4096

/**
 * Infers the types of all values of a normalized model, node by node: a node that cannot be told degrades only what
 * depends on it. Integer shape arithmetic is evaluated, with symbols (Shape → Gather → Concat → Reshape).
 * @param given shapes of inputs that are more precise than the model's, by name
 */
export function inferTypes(normalized: Normalized, given: ReadonlyMap<string, readonly Dim[]> = new Map()): Inference {
  const walk = new TypeWalk(normalized)
  const { graph } = normalized.model
  const known = graph.inputs.map((info) => {
    const type = typeOf(info)
    const shape = given.get(info.name)
    return type && shape ? { dtype: type.dtype, shape } : type
  })
  walk.graph(graph, known)
  return { types: walk.types, problems: walk.problems }
}

/** Goes over a graph, or over its nodes as they are made. */
export class TypeWalk {
  readonly types = new Map<string, TensorType>()
  readonly problems: InferenceProblem[] = []
  readonly #constants = new Map<string, HostArray>()
  readonly #dims = new Map<string, readonly Dim[]>()
  readonly #normalized: Pick<Normalized, 'loaded'>

  constructor(normalized: Pick<Normalized, 'loaded'>) {
    this.#normalized = normalized
  }

  /** What a value is, where that is known while nothing runs. */
  constant(name: string): HostArray | undefined {
    return this.#constants.get(name)
  }

  /** A value that no node makes. */
  add(name: string, type: TensorType, constant?: HostArray): void {
    this.#set(name, type)
    if (constant) this.#constants.set(name, constant)
  }

  /**
   * One map holds all values: a sub-graph never hides an outer name. Two branches may use one name each; the later one
   * then stands in the result, and what was known of the earlier is forgotten.
   */
  graph(graph: Graph, inputs: readonly (TensorType | undefined)[]): readonly (TensorType | undefined)[] {
    graph.inputs.forEach((info, i) => this.#set(info.name, inputs[i] ?? typeOf(info)))
    for (const [name, tensor] of graph.initializers) {
      if (!isKnownDType(tensor.dtype)) continue
      this.#set(name, { dtype: tensor.dtype, shape: tensor.shape })
      const isOverridable = graph.inputs.some((info) => info.name === name)
      if (!isOverridable && elementCount(tensor.shape) <= MOST_ELEMENTS) {
        this.#constants.set(name, this.#normalized.loaded(tensor))
      }
    }
    for (const node of graph.nodes) this.node(node)
    return graph.outputs.map((info) => this.types.get(info.name) ?? typeOf(info))
  }

  /** Adds a node behind those that are known; where it does not fit, that is one more problem. */
  node(node: Node): void {
    const types = node.inputs.map((name) => this.types.get(name))
    if (node.inputs.some((name, i) => name !== '' && !types[i])) return
    try {
      const bound = bindNode(node, this.#normalized)
      const context = inferContext(bound, {
        types,
        constant: (input) => this.#constants.get(node.inputs[input] ?? ''),
        dims: (input) => this.#dims.get(node.inputs[input] ?? ''),
        inferGraph: (graph, inputs) => this.graph(graph, inputs),
      })
      const outputs = bound.operator.infer(context)
      node.outputs.forEach((name, i) => this.#set(name, outputs[i]))
      const dims = bound.operator.inferDims?.(context)
      const output = node.outputs[0] ?? ''
      if (dims) this.#dims.set(output, dims)
      // the seed of random numbers is the run's
      const isRandom = 'seed' in bound.operator.attributes
      if (!isRandom && this.#isFoldable(node, outputs[0])) {
        const inputs = node.inputs.map((name) => this.#constants.get(name))
        const results = bound.operator.reference(
          {
            ...viewOf(bound, () => inputs.map((input) => input?.shape)),
            empty: emptyArray,
            random: new Random(0),
            run: () => Promise.reject(new Error('no sub-graph is folded')),
          },
          ...inputs,
        )
        if (!(results instanceof Promise) && results[0]) this.#constants.set(output, results[0])
      } else if (dims?.every((dim) => typeof dim === 'number')) this.#setConstant(output, dims as number[])
    } catch (error) {
      if (!(error instanceof PlumeError)) throw error
      this.problems.push({ node, message: error.message })
    }
  }

  /** Integer results of few elements from inputs that are all known; generators of random numbers have no inputs to know. */
  #isFoldable(node: Node, type: TensorType | undefined): boolean {
    if (!type || isFloat(type.dtype) || node.outputs.length !== 1) return false
    const size = type.shape?.every((dim) => typeof dim === 'number') ? elementCount(type.shape as number[]) : Infinity
    const isSource = node.inputs.length === 0
    const isPlain = ![...node.attributes.values()].some(({ type: kind }) => kind === 'graph' || kind === 'graphs')
    const isKnown = node.inputs.every((name) => name === '' || this.#constants.has(name))
    return isPlain && size <= MOST_ELEMENTS && isKnown && (!isSource || node.opType === 'Constant')
  }

  #setConstant(name: string, dims: readonly number[]): void {
    const type = this.types.get(name)
    if (!type?.shape || type.dtype !== 'int64') return
    this.#constants.set(name, {
      dtype: 'int64',
      shape: type.shape.length === 0 ? [] : [dims.length],
      values: BigInt64Array.from(dims, BigInt),
    })
  }

  #set(name: string, type: TensorType | undefined): void {
    if (name === '') return
    this.types.delete(name)
    this.#constants.delete(name)
    this.#dims.delete(name)
    if (type) this.types.set(name, type)
  }
}

function typeOf({ type }: ValueInfo): TensorType | undefined {
  return type?.kind === 'tensor' && isKnownDType(type.dtype) ? { dtype: type.dtype, shape: type.shape } : undefined
}
