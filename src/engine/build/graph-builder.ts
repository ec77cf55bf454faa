/** Makes graphs node by node, with types at hand: what autodiff, losses, optimizers and `nn` build with. */
import { isKnownDType, type KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import { hostArray, toTensor, type HostArray } from '../../core/host-array'
import { tensorFromBytes, type Attribute, type Graph, type LazyTensor, type Node } from '../../graph/model'
import type { GraphWriter, ValueName } from '../../ops/gradient'
import type { TensorType } from '../../ops/op'
import { TypeWalk } from '../infer'
import type { Normalized } from '../normalize'
import { isSame } from '../plan/constants'
import { readBy } from './read-by'

/** Constants of at most so many bytes are compared with those that are there. */
const SHARED_BYTES = 1024

export class GraphBuilder implements GraphWriter {
  readonly graph: Graph
  readonly #walk: TypeWalk
  readonly #arrays: Map<LazyTensor, HostArray>
  readonly #outer: GraphBuilder | undefined
  readonly #loaded: Normalized['loaded'] | undefined
  readonly #shared = new Map<ValueName, HostArray>()
  readonly #names: Set<string>
  /** Where to look on for a free name, so that a thousand nodes of one operator do not take a million looks. */
  readonly #numbers: Map<string, number>
  #prefix = ''

  /**
   * @param from a graph in opset 25 to go on with: it is edited in place
   * @param loaded its tensors
   * @param outer of a graph that is to be an attribute there: it sees the values around it
   */
  constructor(from?: Graph, loaded?: Normalized['loaded'], outer?: GraphBuilder) {
    this.graph = from ?? emptyGraph('main')
    this.#outer = outer
    this.#arrays = outer ? outer.#arrays : new Map<LazyTensor, HostArray>()
    this.#names = outer ? outer.#names : new Set<string>()
    this.#numbers = outer ? outer.#numbers : new Map<string, number>()
    this.#loaded = loaded
    this.#walk = new TypeWalk({
      loaded: (tensor) => {
        const array = this.loaded(tensor)
        if (array) return array
        throw new ShapeError(`The tensor ${tensor.name} of the graph was not loaded.`)
      },
    })
    if (from) {
      for (const name of namesOf(from)) this.#names.add(name)
      this.#walk.graph(from, [])
      this.#throwFirst()
    }
  }

  /** The array of a tensor that this builder made or was given. */
  loaded(tensor: LazyTensor): HostArray | undefined {
    return this.#arrays.get(tensor) ?? this.#loaded?.(tensor)
  }

  /** Names of what is added begin with it from now on: 'gradient/'. */
  prefixed<T>(prefix: string, build: () => T): T {
    const before = this.#prefix
    this.#prefix = before + prefix
    try {
      return build()
    } finally {
      this.#prefix = before
    }
  }

  /** A name that nothing in the graph has, `wish` where it is free. */
  unique(wish: string): string {
    const base = this.#prefix + wish
    let name = base
    for (let i = this.#numbers.get(base) ?? 1; this.#names.has(name); i++) {
      name = `${base}_${i}`
      this.#numbers.set(base, i + 1)
    }
    this.#names.add(name)
    return name
  }

  input(wish: string, { dtype, shape }: TensorType): ValueName {
    const name = this.unique(wish)
    this.graph.inputs.push({ name, type: { kind: 'tensor', dtype, ...(shape && { shape }) } })
    this.#walk.add(name, { dtype, shape })
    return name
  }

  /** A weight: it is stored with the graph, and not taken for known. */
  initializer(wish: string, array: HostArray): ValueName {
    const name = this.unique(wish)
    this.#store(name, array)
    this.#walk.add(name, { dtype: array.dtype, shape: array.shape })
    return name
  }

  /** Lists a value as an output of the graph, under its name. */
  output(value: ValueName): void {
    const { dtype, shape } = this.type(value)
    this.graph.outputs.push({ name: value, type: { kind: 'tensor', dtype, ...(shape && { shape }) } })
  }

  add(...[opType, inputs, attributes, domain]: Parameters<GraphWriter['add']>): ValueName {
    const [output] = this.addMany(opType, inputs, 1, attributes, domain)
    return output as ValueName
  }

  addMany(...[opType, inputs, count, attributes = [], domain = '']: Parameters<GraphWriter['addMany']>): ValueName[] {
    const outputs = Array.from({ length: count }, () => this.unique(opType))
    const node: Node = {
      ...{ name: outputs[0] ?? opType, opType, domain },
      inputs: withoutTail(inputs.map((name) => name ?? '')),
      outputs,
      attributes: new Map(attributes.flatMap((one): [string, Attribute][] => (one ? [[one.name, one]] : []))),
    }
    this.addNode(node)
    return [...outputs]
  }

  /** A node as it is; its outputs' names are new. @throws ShapeError, UnsupportedError */
  addNode(node: Node): void {
    for (const name of node.outputs) this.#names.add(name)
    if (this.#outer) for (const name of readBy(node)) this.#see(name)
    this.graph.nodes.push(node)
    this.#walk.node(node)
    this.#throwFirst()
  }

  /** Gives a node one more output that its operator has. */
  addOutput(node: Node, index: number): ValueName {
    const known = node.outputs[index]
    if (known) return known
    while (node.outputs.length <= index) node.outputs.push('')
    const name = this.unique(`${node.outputs[0] || node.opType}_output${index}`)
    node.outputs[index] = name
    this.#walk.node(node)
    this.#throwFirst()
    return name
  }

  constant(array: HostArray): ValueName {
    const isSmall = array.values.byteLength <= SHARED_BYTES
    if (isSmall) for (const [name, other] of this.#shared) if (isSame(array, other)) return name
    const name = this.unique('constant')
    this.#store(name, array)
    this.#walk.add(name, { dtype: array.dtype, shape: array.shape }, array)
    if (isSmall) this.#shared.set(name, array)
    return name
  }

  number(value: number, dtype: KnownDType = 'float32'): ValueName {
    return this.constant(hostArray(dtype, [], [value]))
  }

  integers(values: readonly number[]): ValueName {
    return this.constant(hostArray('int64', [values.length], values))
  }

  type(value: ValueName): TensorType {
    this.#see(value)
    const type = this.#walk.types.get(value)
    if (!type) throw new ShapeError(`The type of ${value} in the graph "${this.graph.name}" is not known.`)
    return type
  }

  known(value: ValueName): HostArray | undefined {
    this.#see(value)
    return this.#walk.constant(value)
  }

  /** Takes over what is known of a value of the graph around this one. */
  #see(name: ValueName): void {
    if (name === '' || !this.#outer || this.#walk.types.has(name) || !this.#outer.has(name)) return
    this.#walk.add(name, this.#outer.type(name), this.#outer.known(name))
  }

  /** Whether the type of a value is known. */
  has(value: ValueName): boolean {
    return this.#walk.types.has(value) || (this.#outer?.has(value) ?? false)
  }

  #store(name: string, array: HostArray): void {
    const { dtype, shape, data } = toTensor(array)
    const tensor = tensorFromBytes(name, dtype, shape, data)
    this.#arrays.set(tensor, array)
    this.graph.initializers.set(name, tensor)
  }

  #throwFirst(): void {
    const problem = this.#walk.problems[0]
    if (problem) throw new ShapeError(problem.message)
  }
}

export const emptyGraph = (name: string): Graph => ({
  ...{ kind: 'graph', name, nodes: [], inputs: [], outputs: [] },
  ...{ valueInfo: new Map(), initializers: new Map(), sparseInitializers: [] },
})

function withoutTail(names: string[]): string[] {
  const last = names.findLastIndex((name) => name !== '')
  return names.slice(0, last + 1)
}

function* namesOf(graph: Graph): Generator<string> {
  for (const { name } of graph.inputs) yield name
  yield* graph.initializers.keys()
  for (const { outputs } of graph.nodes) yield* outputs
}

/** The element types that autodiff treats as numbers. */
export const isDifferentiableType = ({ dtype }: TensorType): boolean =>
  isKnownDType(dtype) && (dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16' || dtype === 'float64')
