/** Runs a normalized graph node by node with the references: the truth that every machine is compared with. */
import { elementCount } from '../core/dtypes'
import { assert, ShapeError, throwIfAborted } from '../core/errors'
import { emptyArray, roundAll, type HostArray } from '../core/host-array'
import { Random } from '../core/random'
import type { Graph, Node } from '../graph/model'
import type { ReferenceContext, TensorType } from '../ops/op'
import type { AttributeSchema } from '../ops/attributes'
import { bindNode, inferContext, titleOf, viewOf, type BoundNode } from './node-context'
import type { Normalized } from './normalize'
import { seedOf } from './seeds'

export interface InterpretOptions {
  readonly signal?: AbortSignal
  /** Of the random generators; a node's own `seed` attribute wins. */
  readonly seed?: number
  /** Floats in double precision. */
  readonly isWide?: boolean
  readonly onNode?: (node: Node, done: number) => void
  /** Nodes whose operators are not in the list. */
  readonly bound?: readonly BoundNode[]
}

/** Time after which the event loop gets its turn, so that an abort is noticed. */
const TURN_MS = 50

/** Values of one run of one graph; sub-graphs see those outside. */
class Scope {
  readonly #values = new Map<string, HostArray>()
  readonly #outer: Scope | undefined

  constructor(outer?: Scope) {
    this.#outer = outer
  }

  get(name: string): HostArray | undefined {
    return this.#values.get(name) ?? this.#outer?.get(name)
  }

  set(name: string, value: HostArray): void {
    this.#values.set(name, value)
  }
}

export class Interpreter {
  readonly #normalized: Normalized
  readonly #options: InterpretOptions
  readonly #bound = new Map<Node, BoundNode>()
  #turnStart = performance.now()
  #done = 0

  constructor(normalized: Normalized, options: InterpretOptions = {}) {
    this.#normalized = normalized
    this.#options = options
    for (const one of options.bound ?? []) this.#bound.set(one.node, one)
  }

  /**
   * Runs the main graph.
   * @param feeds one array per input that has no default
   * @returns the outputs by name
   * @throws ShapeError, UnsupportedError, AbortError
   */
  async run(feeds: ReadonlyMap<string, HostArray>): Promise<Map<string, HostArray>> {
    const { graph } = this.#normalized.model
    const scope = new Scope()
    for (const [name, array] of feeds) scope.set(name, array)
    const missing = graph.inputs.find(({ name }) => !feeds.has(name) && !graph.initializers.has(name))
    if (missing) throw new ShapeError(`The input ${missing.name} has no value.`)
    const outputs = await this.#runGraph(graph, scope, feeds)
    return new Map(graph.outputs.map(({ name }, i) => [name, outputs[i] as HostArray]))
  }

  async #runGraph(graph: Graph, scope: Scope, given: { has(name: string): boolean }): Promise<HostArray[]> {
    for (const [name, tensor] of graph.initializers) {
      if (!given.has(name)) scope.set(name, this.#widened(this.#normalized.loaded(tensor)))
    }
    for (const node of graph.nodes) await this.#runNode(node, scope)
    return graph.outputs.map(({ name }) => {
      const value = scope.get(name)
      if (!value) throw new ShapeError(`The output ${name} of the graph "${graph.name}" is made by no node.`)
      return value
    })
  }

  async #runNode(node: Node, scope: Scope): Promise<void> {
    await this.#yieldAtTimes()
    const bound = this.#bound.get(node) ?? bindNode(node, this.#normalized)
    this.#bound.set(node, bound)
    const inputs = node.inputs.map((name) => (name === '' ? undefined : scope.get(name)))
    node.inputs.forEach((name, i) => {
      if (name !== '' && !inputs[i])
        throw new ShapeError(`${titleOf(node)}: its input ${name} is made by no node before it.`)
    })
    const expected = inferOne(bound, inputs)
    const results = await bound.operator.reference(this.#context(bound, inputs, scope), ...inputs)
    node.outputs.forEach((name, i) => {
      if (name === '') return
      const result = results[i]
      assert(result, `${titleOf(node)} gave no output ${i}`)
      checkInferred(node, i, expected[i], result)
      scope.set(name, roundAll(result))
    })
    this.#options.onNode?.(node, ++this.#done)
  }

  #context(
    bound: BoundNode,
    inputs: readonly (HostArray | undefined)[],
    scope: Scope,
  ): ReferenceContext<AttributeSchema> {
    return {
      ...viewOf(bound, () => inputs.map((input) => input?.shape)),
      empty: (dtype, shape) => emptyArray(dtype, shape, this.#options.isWide),
      random: new Random(seedOf(bound, this.#options.seed ?? 0)),
      run: async (graph, given) => {
        const inner = new Scope(scope)
        graph.inputs.forEach(({ name }, i) => {
          const value = given[i]
          if (value) inner.set(name, value)
        })
        return this.#runGraph(graph, inner, new Set(graph.inputs.map(({ name }) => name)))
      },
    }
  }

  #widened(array: HostArray): HostArray {
    if (!this.#options.isWide || !(array.values instanceof Float32Array)) return array
    return { ...array, values: Float64Array.from(array.values) }
  }

  async #yieldAtTimes(): Promise<void> {
    throwIfAborted(this.#options.signal)
    if (performance.now() - this.#turnStart < TURN_MS) return
    await new Promise<void>((done) => setTimeout(done))
    this.#turnStart = performance.now()
    throwIfAborted(this.#options.signal)
  }
}

/** The operator's own rule on the actual inputs: it is what finds inputs that do not fit, before anything is computed. */
export function inferOne(
  bound: BoundNode,
  inputs: readonly (HostArray | undefined)[],
): readonly (TensorType | undefined)[] {
  return bound.operator.infer(
    inferContext(bound, {
      types: inputs.map((input) => input && { dtype: input.dtype, shape: input.shape }),
      constant: (input) => inputs[input],
      dims: () => undefined,
      inferGraph: (graph) => graph.outputs.map(() => undefined),
    }),
  )
}

export function checkInferred(node: Node, output: number, expected: TensorType | undefined, found: HostArray): void {
  if (!expected) return
  const sameShape =
    expected.shape?.length === found.shape.length &&
    expected.shape.every((dim, axis) => typeof dim !== 'number' || dim === found.shape[axis])
  assert(
    expected.dtype === found.dtype &&
      (expected.shape === undefined || sameShape) &&
      elementCount(found.shape) === found.values.length,
    `${titleOf(node)} promised ${expected.dtype}[${String(expected.shape)}] for output ${output} and made ${found.dtype}[${found.shape.join(',')}] of ${found.values.length} elements`,
  )
}
