import { assert } from '../core/errors'
import { subGraphs, type Body, type FunctionDef, type Model, type Node, type ValueInfo } from './model'

/** A value: where it is defined and everything that reads it, in this body and in bodies nested inside. */
export interface Value {
  readonly name: string
  /** The body that defines it. */
  readonly body: Body
  /** The node that makes it; undefined for inputs and initializers. */
  readonly producer?: Node
  readonly isInput: boolean
  readonly uses: ReadonlySet<Use>
}

/** A place that reads a value: a node's input, or an output of a body. */
export type Use =
  | { readonly kind: 'input'; readonly node: Node; readonly index: number; readonly body: Body }
  | { readonly kind: 'output'; readonly index: number; readonly body: Body }

export interface MutableValue extends Value {
  name: string
  isInput: boolean
  readonly uses: Set<Use>
  /** The entry of the list of inputs, for inputs of graphs. */
  inputInfo?: ValueInfo
}

interface Link {
  readonly value: MutableValue
  readonly use: Use
}

/**
 * Who defines and who reads every value of a model. `GraphEditor` keeps it in step with the model; nobody else
 * changes it. Reads are links to the value itself, not names, so that a rename or a removal cannot redirect them.
 */
export class ValueIndex {
  /** Graph or function around each body; null at the top. Outer bodies come first. */
  readonly parents = new Map<Body, Body | null>()
  readonly #values = new Map<Body, Map<string, MutableValue>>()
  readonly #bodyOf = new Map<Node, Body>()
  readonly #inputs = new Map<Node, (Link | null)[]>()
  readonly #outputs = new Map<Body, (Link | null)[]>()
  /** How often a name stands for a value or a node: sibling sub-graphs may use one twice. */
  readonly #names = new Map<string, number>()
  /** For `wished` names: every suffix below is taken. */
  readonly #suffixes = new Map<string, number>()
  /** Values that went away, so that they are the same objects when an undo brings them back. */
  readonly #retired = new WeakMap<Node | Body, Map<string, MutableValue>>()

  constructor(model: Model) {
    for (const root of [model.graph, ...model.functions]) this.#enterBody(root, null)
  }

  bodyOf(node: Node): Body | undefined {
    return this.#bodyOf.get(node)
  }

  /** The value that `name` means when it is read in `body`. */
  find(body: Body, name: string): MutableValue | undefined {
    for (let at: Body | null = body; at; at = this.parents.get(at) ?? null) {
      const value = this.#values.get(at)?.get(name)
      if (value) return value
    }
    return undefined
  }

  /** The value that `body` itself defines under `name`. */
  own(body: Body, name: string): MutableValue | undefined {
    return this.#values.get(body)?.get(name)
  }

  /** What a node reads at `index`, by link. */
  inputOf(node: Node, index: number): MutableValue | undefined {
    return this.#inputs.get(node)?.[index]?.value
  }

  /** `wished`, or `wished_1`, `wished_2`, …: the first that no value, no node and none of `taken` has. */
  uniqueName(wished: string, taken?: ReadonlySet<string>): string {
    const isFree = (name: string) => !this.#names.has(name) && !taken?.has(name)
    if (isFree(wished)) return wished
    let suffix = this.#suffixes.get(wished) ?? 1
    while (this.#names.has(`${wished}_${suffix}`)) suffix++
    this.#suffixes.set(wished, suffix)
    while (!isFree(`${wished}_${suffix}`)) suffix++
    return `${wished}_${suffix}`
  }

  define(body: Body, name: string, producer?: Node): MutableValue {
    const values = this.#values.get(body)
    assert(values, `${body.name} is not part of this model`)
    const existing = values.get(name)
    if (existing) return existing
    const old = this.#retired.get(producer ?? body)?.get(name)
    const value = old ?? { name, body, ...(producer && { producer }), isInput: false, uses: new Set<Use>() }
    values.set(name, value)
    this.#acquire(name)
    return value
  }

  undefine(value: MutableValue): void {
    this.#values.get(value.body)?.delete(value.name)
    this.#release(value.name)
    const key = value.producer ?? value.body
    let retired = this.#retired.get(key)
    if (!retired) this.#retired.set(key, (retired = new Map()))
    retired.set(value.name, value)
  }

  /** Forgets a function and all that it defines. @returns what takes it back */
  leaveFunction(definition: FunctionDef): () => void {
    this.#leaveBody(definition)
    return () => this.#enterBody(definition, null)
  }

  enterNode(body: Body, node: Node): void {
    this.#defineNode(body, node)
    this.#linkNode(body, node)
  }

  leaveNode(node: Node): void {
    const body = this.#bodyOf.get(node)
    assert(body, `node ${node.name} is not part of this model`)
    for (const graph of subGraphs(node)) this.#leaveBody(graph)
    for (const link of this.#inputs.get(node) ?? []) link?.value.uses.delete(link.use)
    this.#inputs.delete(node)
    for (const name of node.outputs) {
      const value = name ? this.own(body, name) : undefined
      // a broken file may define a name twice; the first definition keeps it
      if (value?.producer === node) this.undefine(value)
    }
    this.#bodyOf.delete(node)
    this.#release(node.name)
  }

  /** Makes `node` read `value` at `index`. @returns what takes it back */
  setInput(node: Node, index: number, value: MutableValue | null): () => void {
    const before = node.inputs
    const old = this.inputOf(node, index) ?? null
    const names = [...before]
    while (names.length <= index) names.push('')
    names[index] = value?.name ?? ''
    while (names.at(-1) === '') names.pop()
    this.#relink(node, names, index, value)
    return () => this.#relink(node, before, index, old)
  }

  /** Makes output `index` of `body` hand out `value`, under the value's name. @returns what takes it back */
  setOutput(body: Body, index: number, value: MutableValue): () => void {
    const old = this.#outputs.get(body)?.[index]?.value ?? null
    const oldName = outputNames(body)[index] ?? ''
    this.#relinkOutput(body, index, value, value.name)
    return () => this.#relinkOutput(body, index, old, oldName)
  }

  /** Renames a value that a node makes, at its producer and at all readers. */
  rename(value: MutableValue, name: string): void {
    const { producer, body } = value
    assert(producer, `${value.name} is made by no node`)
    const values = this.#values.get(body)
    assert(values && !values.has(name), `${name} is taken`)
    producer.outputs[producer.outputs.indexOf(value.name)] = name
    values.delete(value.name)
    this.#release(value.name)
    value.name = name
    values.set(name, value)
    this.#acquire(name)
    for (const use of value.uses) {
      if (use.kind === 'input') use.node.inputs = use.node.inputs.with(use.index, name)
      else setOutputName(use.body, use.index, name)
    }
  }

  /** @returns what takes it back */
  renameNode(node: Node, name: string): () => void {
    const before = node.name
    const rename = (to: string) => {
      this.#release(node.name)
      node.name = to
      this.#acquire(to)
    }
    rename(name)
    return () => rename(before)
  }

  #enterBody(body: Body, parent: Body | null): void {
    this.parents.set(body, parent)
    this.#values.set(body, new Map())
    if (body.kind === 'graph') {
      for (const info of body.inputs) {
        const value = this.define(body, info.name)
        value.isInput = true
        value.inputInfo = info
      }
      for (const name of body.initializers.keys()) this.define(body, name)
      for (const sparse of body.sparseInitializers) this.define(body, sparse.values.name)
    } else {
      for (const name of body.inputs) this.define(body, name).isInput = true
    }
    // all definitions before any read: a sub-graph may capture a value of the whole body around it
    for (const node of body.nodes) this.#defineNode(body, node)
    for (const node of body.nodes) this.#linkNode(body, node)
    const links = outputNames(body).map((name, index) => this.#link(body, name, { kind: 'output', index, body }))
    this.#outputs.set(body, links)
  }

  #leaveBody(body: Body): void {
    for (const link of this.#outputs.get(body) ?? []) link?.value.uses.delete(link.use)
    this.#outputs.delete(body)
    for (const node of body.nodes) this.leaveNode(node)
    for (const value of this.#values.get(body)?.values() ?? []) this.undefine(value)
    this.#values.delete(body)
    this.parents.delete(body)
  }

  #defineNode(body: Body, node: Node): void {
    this.#bodyOf.set(node, body)
    this.#acquire(node.name)
    for (const name of node.outputs) if (name) this.define(body, name, node)
  }

  #linkNode(body: Body, node: Node): void {
    const links = node.inputs.map((name, index) => this.#link(body, name, { kind: 'input', node, index, body }))
    this.#inputs.set(node, links)
    for (const graph of subGraphs(node)) this.#enterBody(graph, body)
  }

  // looks links up anew: those of a node that left and came back are others
  #relink(node: Node, names: string[], index: number, value: MutableValue | null): void {
    const body = this.#bodyOf.get(node)
    const links = this.#inputs.get(node)
    assert(body && links, `node ${node.name} is not part of this model`)
    const old = links[index]
    old?.value.uses.delete(old.use)
    const link: Link | null = value && { value, use: { kind: 'input', node, index, body } }
    link?.value.uses.add(link.use)
    node.inputs = names
    while (links.length < names.length) links.push(null)
    links.length = names.length
    if (index < names.length) links[index] = link
  }

  #relinkOutput(body: Body, index: number, value: MutableValue | null, name: string): void {
    const links = this.#outputs.get(body)
    assert(links && index < links.length, `${body.name} has no output ${index}`)
    const old = links[index]
    old?.value.uses.delete(old.use)
    const link: Link | null = value && { value, use: { kind: 'output', index, body } }
    link?.value.uses.add(link.use)
    links[index] = link
    setOutputName(body, index, name)
  }

  #link(body: Body, name: string, use: Use): Link | null {
    const value = name ? this.find(body, name) : undefined
    value?.uses.add(use)
    return value ? { value, use } : null
  }

  #acquire(name: string): void {
    if (name) this.#names.set(name, (this.#names.get(name) ?? 0) + 1)
  }

  #release(name: string): void {
    const count = this.#names.get(name)
    if (count === undefined) return
    if (count > 1) {
      this.#names.set(name, count - 1)
      return
    }
    this.#names.delete(name)
    const [, base, suffix] = /^(.*)_(\d+)$/.exec(name) ?? []
    if (base !== undefined && Number(suffix) < (this.#suffixes.get(base) ?? 0)) {
      this.#suffixes.set(base, Math.max(1, Number(suffix)))
    }
  }
}

function outputNames(body: Body): readonly string[] {
  return body.kind === 'graph' ? body.outputs.map((info) => info.name) : body.outputs
}

function setOutputName(body: Body, index: number, name: string): void {
  if (body.kind === 'function') {
    body.outputs[index] = name
    return
  }
  const info = body.outputs[index]
  if (info) info.name = name
}
