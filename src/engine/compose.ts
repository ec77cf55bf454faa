import { UnsupportedError } from '../core/errors'
import { constantOf } from '../graph/constant-node'
import {
  attribute,
  bodies,
  floatAttribute,
  intAttribute,
  type Body,
  type LazyTensor,
  type Model,
  type Node,
} from '../graph/model'
import { findComposed } from '../ops/composed'
import type { ComposedOperator, Composer } from '../ops/compose'
import { Names } from './inline-functions'
import { titleOf } from './node-context'

/**
 * Replaces every node of a composed operator by its parts, which have its name. Works in place, in opset 25.
 * @throws UnsupportedError where a node has something that its parts cannot compute
 */
export function composeOperators(model: Model): void {
  let names: Names | undefined
  for (const body of [...bodies(model)]) {
    if (!body.nodes.some((node) => findComposed(node.domain, node.opType))) continue
    names ??= new Names(model)
    const around = { names, constants: constantsOf(model.graph, body) }
    body.nodes = body.nodes.flatMap((node) => {
      const operator = findComposed(node.domain, node.opType)
      return operator ? new Parts(node, around).of(operator) : [node]
    })
  }
}

/** What the main graph and a body store. */
function constantsOf(...all: readonly Body[]): ReadonlyMap<string, LazyTensor> {
  const stored = new Map<string, LazyTensor>()
  for (const body of all) {
    if (body.kind === 'graph') for (const [name, tensor] of body.initializers) stored.set(name, tensor)
    for (const node of body.nodes) {
      const tensor = constantOf(node)
      if (tensor && node.outputs[0]) stored.set(node.outputs[0], tensor)
    }
  }
  return stored
}

class Parts implements Composer {
  readonly node: Node
  readonly #nodes: Node[] = []
  readonly #names: Names
  readonly #constants: ReadonlyMap<string, LazyTensor>

  constructor(node: Node, { names, constants }: { names: Names; constants: ReadonlyMap<string, LazyTensor> }) {
    this.node = node
    this.#names = names
    this.#constants = constants
  }

  /** @throws UnsupportedError */
  of({ inputs: [fewest, most], compose }: ComposedOperator): Node[] {
    const count = this.node.inputs.length
    if (count < fewest || count > most) {
      const wanted = most === Infinity ? `${fewest} to any number` : `${fewest} to ${most}`
      throw new UnsupportedError(`${titleOf(this.node)}: it has ${count} inputs, and ${wanted} are expected.`)
    }
    const made = compose(this)
    const outputs = new Map(made.map((name, i) => [name, this.node.outputs[i] ?? '']))
    const renamed = (name: string) => outputs.get(name) || name
    return this.#nodes.map((part) => ({
      ...part,
      inputs: part.inputs.map(renamed),
      outputs: part.outputs.map(renamed),
    }))
  }

  input(index: number): string {
    return this.node.inputs[index] ?? ''
  }

  constant(index: number): LazyTensor | undefined {
    return this.#constants.get(this.input(index))
  }

  int(name: string, fallback: number): number {
    return intAttribute(this.node, name) ?? fallback
  }

  float(name: string, fallback: number): number {
    return floatAttribute(this.node, name) ?? fallback
  }

  add(...[opType, inputs, attributes]: Parameters<Composer['add']>): string {
    const [output] = this.#part(opType, inputs, 1, attributes)
    return output as string
  }

  addMany(opType: string, inputs: readonly string[], count: number): string[] {
    return this.#part(opType, inputs, count)
  }

  #part(
    opType: string,
    inputs: readonly string[],
    count: number,
    attributes: Parameters<Composer['add']>[2] = [],
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.#names.unique(this.node.outputs[0] || opType))
    const given = attributes.flatMap((one) => (one ? [[one.name, one] as const] : []))
    const { name } = this.node
    this.#nodes.push({ name, opType, domain: '', inputs: [...inputs], outputs, attributes: new Map(given) })
    return [...outputs]
  }

  number(value: number): string {
    return this.add('Constant', [], [attribute.float('value_float', value)])
  }

  integers(...values: number[]): string {
    return this.add('Constant', [], [attribute.ints('value_ints', values)])
  }

  refuse(what: string): never {
    throw new UnsupportedError(`${titleOf(this.node)}: the engine does not compute it with ${what}.`)
  }
}
