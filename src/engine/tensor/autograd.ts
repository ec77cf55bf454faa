import { ShapeError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import { differentiate } from '../autodiff/differentiate'
import { GraphBuilder } from '../build/graph-builder'
import type { Node } from '../../graph/model'
import { addProgram, programOf, type Program } from './program'
import { constant, loadedTensor, made, withoutGradients, type Operation, type Value } from './value'

export interface GradientOptions {
  /** Gradients of gradients can be asked for. */
  readonly createGraph?: boolean
}

/**
 * The gradient of a scalar with respect to values, as new operations of the same graph.
 * @throws ShapeError where `of` is no float scalar or depends on nothing that wants a gradient; UnsupportedError for an
 *   operator without derivative on the way
 */
export function gradientsOf(of: Value, wrt: readonly Value[], { createGraph = false }: GradientOptions = {}): Value[] {
  if (!of.requiresGrad) {
    throw new ShapeError(
      'This tensor depends on nothing that wants a gradient: make its inputs with { requiresGrad: true }, outside of noGrad.',
    )
  }
  const asked = new Set(wrt)
  // what has no gradient is data here, computed or not
  const program = programOf([of], (value) => !value.requiresGrad || (asked.has(value) && !value.operation))
  return createGraph ? derive(of, wrt, program) : withoutGradients(() => derive(of, wrt, program))
}

/** All values that want a gradient and are made by nothing. */
export const leavesOf = (of: Value): Value[] =>
  programOf([of], ({ requiresGrad }) => !requiresGrad).leaves.filter(({ requiresGrad }) => requiresGrad)

function derive(of: Value, wrt: readonly Value[], program: Program): Value[] {
  const builder = new GraphBuilder(undefined, loadedTensor)
  const names = addProgram(builder, program, (leaf) =>
    leaf.isConstant && leaf.array ? builder.constant(leaf.array) : builder.input('value', leaf.type),
  )
  const stranger = wrt.find((value) => !names.has(value))
  const known = wrt.filter((value) => names.has(value))
  const back = new Back(builder, program, names)
  const found = differentiate(
    builder,
    names.get(of) as string,
    known.map((value) => names.get(value) as string),
  )
  back.take()
  if (stranger) throw new ShapeError('The scalar does not depend on one of the tensors that its gradient is asked for.')
  return wrt.map((value) => back.value(found.get(names.get(value) as string) as string))
}

/** From nodes of a graph back to operations. */
class Back {
  readonly #builder: GraphBuilder
  readonly #values: Map<string, Value>
  readonly #operations = new Map<Node, Operation>()
  readonly #before: number

  constructor(builder: GraphBuilder, { operations }: Program, names: ReadonlyMap<Value, string>) {
    this.#builder = builder
    this.#values = new Map([...names].map(([value, name]) => [name, value]))
    this.#before = builder.graph.nodes.length
    operations.forEach((operation, i) => this.#operations.set(builder.graph.nodes[i] as Node, operation))
  }

  /** The nodes that came since, and outputs that old ones got. */
  take(): void {
    const { nodes } = this.#builder.graph
    for (const node of nodes.slice(0, this.#before)) this.#outputs(node, this.#operations.get(node) as Operation)
    for (const node of nodes.slice(this.#before)) {
      const inputs = node.inputs.map((name) => (name === '' ? undefined : this.value(name)))
      const { opType, domain } = node
      this.#outputs(node, { opType, domain, attributes: [...node.attributes.values()], inputs, outputs: [] })
    }
  }

  value(name: string): Value {
    const known = this.#values.get(name)
    if (known) return known
    const tensor = this.#builder.graph.initializers.get(name)
    const array = tensor && this.#builder.loaded(tensor)
    if (!array) throw new ShapeError(`The value ${name} of a gradient is made by no node.`)
    const value = constant(array)
    this.#values.set(name, value)
    return value
  }

  #outputs(node: Node, operation: Operation): void {
    node.outputs.forEach((name, i) => {
      if (i >= operation.outputs.length) {
        operation.outputs.push(made(operation, this.#builder.type(name), this.#known(name, i)))
      }
      this.#values.set(name, operation.outputs[i] as Value)
    })
  }

  /** Only of first outputs: an operation of several stays as it is. */
  #known(name: string, index: number): HostArray | undefined {
    return index === 0 ? this.#builder.known(name) : undefined
  }
}
