import { ShapeError, UnsupportedError } from '../../core/errors'
import { hostArray, type HostArray } from '../../core/host-array'
import { attribute, type LazyTensor, type Node } from '../../graph/model'
import { zerosLike, type ValueName } from '../../ops/gradient'
import { isDifferentiableType, type GraphBuilder } from '../build/graph-builder'
import { readBy } from '../build/read-by'
import { bindNode, titleOf } from '../node-context'
import { gradientContext } from './gradient-context'

/**
 * Adds to a graph the nodes that compute the gradient of a scalar (reverse mode: one pass from the scalar back over the
 * nodes it depends on).
 * @param of a float scalar of the graph
 * @param wrt float values of the graph: parameters, inputs, or inner values
 * @returns the gradient's value for each of `wrt`, of its dtype and shape; zeros where the scalar does not depend on it
 * @throws UnsupportedError naming the node of an operator without derivative on the way; ShapeError where `of` is no scalar
 */
export function differentiate(
  builder: GraphBuilder,
  of: ValueName,
  wrt: readonly ValueName[],
): ReadonlyMap<ValueName, ValueName> {
  const { dtype, shape } = builder.type(of)
  if (!isDifferentiableType({ dtype, shape }) || !shape || shape.some((dim) => dim !== 1)) {
    const found = `${dtype}[${shape?.map((dim) => dim ?? '?').join(', ') ?? 'unknown'}]`
    throw new ShapeError(`Only a float scalar has a gradient, and ${of} is ${found}.`)
  }
  const whole = wrt.find((value) => !isDifferentiableType(builder.type(value)))
  if (whole !== undefined) {
    throw new ShapeError(`Only float values have gradients, and ${whole} is ${builder.type(whole).dtype}.`)
  }
  return builder.prefixed('gradient/', () => {
    const one = builder.constant(hostArray(dtype, shape as readonly number[], [1]))
    const found = pullback(builder, new Map([[of, one]]), wrt)
    return new Map(wrt.map((value, i) => [value, found[i] ?? zerosLike(builder, value)]))
  })
}

/** The float values that depend on one of `values`, themselves included. */
function dependents(builder: GraphBuilder, values: readonly ValueName[]): ReadonlySet<ValueName> {
  const found = new Set(values)
  for (const node of builder.graph.nodes) {
    if (!readBy(node).some((name) => found.has(name))) continue
    for (const name of node.outputs) if (name !== '' && isDifferentiableType(builder.type(name))) found.add(name)
  }
  return found
}

/**
 * Adds the nodes that carry gradients of some values back to others.
 * @param gradients values, and what is added to the gradient of each
 * @returns of each of `wrt`; undefined where none of the values depends on it
 */
export function pullback(
  builder: GraphBuilder,
  gradients: Iterable<readonly [ValueName, ValueName]>,
  wrt: readonly ValueName[],
): readonly (ValueName | undefined)[] {
  const depends = dependents(builder, wrt)
  const pass = new ReversePass(builder, depends)
  for (const [value, gradient] of gradients)
    if (depends.has(value)) pass.seed(value, shapedLike(builder, gradient, value))
  pass.run()
  return wrt.map((value) => pass.gradientOf(value))
}

/** What a loop hands on has no known rank outside, and one inside. */
function shapedLike(builder: GraphBuilder, gradient: ValueName, value: ValueName): ValueName {
  if (builder.type(gradient).shape || !builder.type(value).shape) return gradient
  return builder.add('Reshape', [gradient, builder.add('Shape', [value])], [attribute.int('allowzero', 1)])
}

/** From the last node to the first: when a node's turn comes, all that reads its outputs has been. */
class ReversePass {
  readonly #builder: GraphBuilder
  readonly #depends: ReadonlySet<ValueName>
  /** What readers of a value add to its gradient. */
  readonly #parts = new Map<ValueName, ValueName[]>()

  constructor(builder: GraphBuilder, depends: ReadonlySet<ValueName>) {
    this.#builder = builder
    this.#depends = depends
  }

  seed(value: ValueName, gradient: ValueName): void {
    const parts = this.#parts.get(value)
    if (parts) parts.push(gradient)
    else this.#parts.set(value, [gradient])
  }

  run(): void {
    for (const node of [...this.#builder.graph.nodes].reverse()) {
      const isReached = node.outputs.some((name) => this.#parts.has(name))
      if (isReached && readBy(node).some((name) => this.#depends.has(name))) this.#through(node)
    }
  }

  /** The sum of all parts; undefined: no path leads here. */
  gradientOf(value: ValueName): ValueName | undefined {
    const parts = this.#parts.get(value)
    if (!parts || parts.length < 2) return parts?.[0]
    const sum = this.#builder.add(parts.length === 2 ? 'Add' : 'Sum', parts)
    this.#parts.set(value, [sum])
    return sum
  }

  #through(node: Node): void {
    const bound = bindNode(node, { loaded: (tensor) => this.#loaded(tensor) })
    const { gradient } = bound.operator
    if (gradient.gradient === 'none') {
      throw new UnsupportedError(
        `${titleOf(node)} has no derivative (${gradient.why}), and the gradient goes through it.`,
      )
    }
    const outputs = [...node.outputs]
    const inner = readBy(node).slice(node.inputs.length)
    const captured = [...new Set(inner)].filter((name) => this.#depends.has(name))
    const results = gradient.rule(
      gradientContext(this.#builder, bound, {
        gradient: (output) => this.gradientOf(outputs[output] ?? ''),
        needs: (input) => this.#depends.has(node.inputs[input] ?? ''),
        captured,
        pullback,
      }),
    )
    const read = [...node.inputs, ...captured]
    read.forEach((name, i) => {
      const result = results[i]
      if (result && this.#depends.has(name)) this.seed(name, result)
    })
  }

  #loaded(tensor: LazyTensor): HostArray {
    const array = this.#builder.loaded(tensor)
    if (array) return array
    throw new ShapeError(`The tensor ${tensor.name} of the graph was not loaded.`)
  }
}
