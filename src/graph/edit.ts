import { assert } from '../core/errors'
import { CONSTANT_FORMS, constantOf } from './constant-node'
import { MapOrder } from './map-order'
import {
  subGraphs,
  type Attribute,
  type Body,
  type FunctionDef,
  type Graph,
  type LazyTensor,
  type Model,
  type Node,
  type ValueType,
} from './model'
import type { InterposeSpec, NodeSpec, Place } from './node-spec'
import { ValueIndex, type MutableValue, type Use, type Value } from './value-index'

export type { InterposeSpec, NodeSpec, Place } from './node-spec'
export type { Use, Value } from './value-index'

/**
 * The one way to change a graph (R2).
 *
 * It addresses values and nodes, never arrays, and knows the consumers of a value across sub-graphs (captured outer
 * values at any depth) and functions. Names stay unique over the whole model and are derived from the wished one.
 * Every change is recorded and can be undone. The model is edited in place: `cloneModel` first to keep the original.
 */
export class GraphEditor {
  readonly model: Model
  readonly #index: ValueIndex
  readonly #undo: (() => void)[] = []
  readonly #order = new MapOrder()

  constructor(model: Model) {
    this.model = model
    this.#index = new ValueIndex(model)
  }

  // ---- looking ----------------------------------------------------------------------------------------------------

  /** All nodes of one body, or of the whole model, in order; a node comes before those of its sub-graphs. */
  *nodes(within?: Body): Generator<Node> {
    if (within) yield* this.#walk(within, false)
    else for (const root of [this.model.graph, ...this.model.functions]) yield* this.#walk(root, true)
  }

  *#walk(body: Body, isDeep: boolean): Generator<Node> {
    for (const node of [...body.nodes]) {
      if (!this.#index.bodyOf(node)) continue // removed by the caller meanwhile
      yield node
      if (isDeep) for (const graph of subGraphs(node)) yield* this.#walk(graph, true)
    }
  }

  /** The main graph, the functions and all sub-graphs; outer bodies first. */
  bodies(): Body[] {
    return [...this.#index.parents.keys()]
  }

  /** All initializers of the model, sub-graphs included. */
  *initializers(): Generator<{ value: Value; tensor: LazyTensor }> {
    for (const body of this.bodies()) {
      if (body.kind !== 'graph') continue
      for (const tensor of [...body.initializers.values()]) {
        const value = this.#index.own(body, tensor.name)
        if (value) yield { value, tensor }
      }
    }
  }

  bodyOf(node: Node): Body {
    const body = this.#index.bodyOf(node)
    assert(body, `node ${node.name} is not part of this model`)
    return body
  }

  /** Whether `node` is still in the model. */
  has(node: Node): boolean {
    return this.#index.bodyOf(node) !== undefined
  }

  /** The graph or function around a sub-graph; null at the top. */
  parentOf(body: Body): Body | null {
    return this.#index.parents.get(body) ?? null
  }

  /** The value that `name` means when it is read in `body`; undefined when nothing defines it. */
  resolve(body: Body, name: string): Value | undefined {
    return name === '' ? undefined : this.#index.find(body, name)
  }

  input(node: Node, index: number): Value | undefined {
    return this.#index.inputOf(node, index)
  }

  output(node: Node, index: number): Value | undefined {
    const name = node.outputs[index]
    return name ? this.#index.own(this.bodyOf(node), name) : undefined
  }

  /**
   * The tensor that a value always has: an initializer that no caller can override, or what a Constant node holds.
   * Up to IR 3 every initializer also stands among the inputs; that alone does not make it variable.
   */
  constant(value: Value | undefined): LazyTensor | undefined {
    if (!value) return undefined
    if (value.producer) return constantOf(value.producer)
    if (value.body.kind !== 'graph') return undefined
    if (value.isInput && this.model.irVersion >= 4) return undefined
    return value.body.initializers.get(value.name)
  }

  /** The declared type of a value, where the file gives one. */
  typeOf(value: Value): ValueType | undefined {
    const { body, name } = value
    let declared = (value as MutableValue).inputInfo?.type
    if (!declared || !value.isInput) declared = body.valueInfo.get(name)?.type
    if (!declared && body.kind === 'graph' && this.isOutput(value)) {
      declared = body.outputs.find((info) => info.name === name)?.type
    }
    if (declared) return declared
    const tensor = this.constant(value)
    return tensor && { kind: 'tensor', dtype: tensor.dtype, shape: tensor.shape }
  }

  isOutput(value: Value): boolean {
    for (const use of value.uses) if (use.kind === 'output') return true
    return false
  }

  /** A name that nothing in the model has: `wished`, or `wished_1`, `wished_2`, … Values and nodes share one namespace. */
  uniqueName(wished: string): string {
    return this.#index.uniqueName(wished)
  }

  // ---- tensors and inputs -----------------------------------------------------------------------------------------

  /** Adds a tensor to the graph; its name is made unique. */
  addInitializer(body: Graph, tensor: LazyTensor): Value {
    const name = this.uniqueName(tensor.name)
    const value = this.#index.define(body, name)
    const takeBack = this.#order.set(body.initializers, name, name === tensor.name ? tensor : { ...tensor, name })
    this.#record(() => {
      takeBack()
      this.#index.undefine(value)
    })
    return value
  }

  /** Gives an initializer or Constant node other contents under its old name. */
  replaceConstant(value: Value, tensor: LazyTensor): void {
    const { body, name, producer } = value
    if (producer) {
      for (const old of CONSTANT_FORMS) if (old !== 'value') this.removeAttribute(producer, old)
      this.setAttribute(producer, { name: 'value', type: 'tensor', value: tensor })
      return
    }
    assert(body.kind === 'graph' && body.initializers.has(name), `${name} is not an initializer`)
    this.#record(this.#order.set(body.initializers, name, { ...tensor, name }))
  }

  /** Removes an initializer that nothing reads, and the graph input of the same name (IR 3). */
  removeInitializer(value: Value): void {
    const { body, name } = value
    assert(body.kind === 'graph' && body.initializers.has(name), `${name} is not an initializer`)
    assert(value.uses.size === 0, `${name} is still used`)
    const mutable = this.#own(value)
    const takeBacks = [this.#order.delete(body.initializers, name), this.#order.delete(body.valueInfo, name)]
    const at = value.isInput ? body.inputs.findIndex((info) => info.name === name) : -1
    const [info] = at >= 0 ? body.inputs.splice(at, 1) : []
    this.#index.undefine(mutable)
    this.#record(() => {
      this.#index.define(body, name)
      if (info) body.inputs.splice(at, 0, info)
      for (const takeBack of takeBacks) takeBack()
    })
  }

  /** Takes initializers off the list of inputs (from IR 4 on, only those that callers may override stand there). */
  unlistInitializerInputs(body: Graph): void {
    const before = body.inputs
    const values = before.filter((info) => body.initializers.has(info.name)).map((info) => this.#named(body, info.name))
    if (values.length === 0) return
    body.inputs = before.filter((info) => !body.initializers.has(info.name))
    for (const value of values) value.isInput = false
    this.#record(() => {
      body.inputs = before
      for (const value of values) value.isInput = true
    })
  }

  /** Removes an input of the main graph that nothing reads. */
  removeGraphInput(value: Value): void {
    const { body, name } = value
    assert(body === this.model.graph && value.isInput, `${name} is not an input of the model`)
    assert(value.uses.size === 0 && !body.initializers.has(name), `${name} is still used`)
    const mutable = this.#own(value)
    const at = body.inputs.findIndex((info) => info.name === name)
    const [info] = body.inputs.splice(at, 1)
    this.#index.undefine(mutable)
    this.#record(() => {
      this.#index.define(body, name)
      if (info) body.inputs.splice(at, 0, info)
    })
  }

  /** Declares another type for an input of a graph. */
  setInputType(value: Value, type: ValueType): void {
    assert(value.isInput, `${value.name} is not an input`)
    this.setType(value, type)
  }

  // ---- nodes ------------------------------------------------------------------------------------------------------

  /** Inserts a node. The caller sees to it that its inputs are defined before that place. */
  addNode(spec: NodeSpec, place: Place): Node {
    const outputs: string[] = []
    const taken = new Set<string>()
    for (const wished of spec.outputs) {
      const name = wished && this.#index.uniqueName(wished, taken)
      taken.add(name)
      outputs.push(name)
    }
    return this.#insert(spec, outputs, place)
  }

  #insert(spec: NodeSpec, outputs: string[], place: Place): Node {
    const { body, at } = this.#locate(place)
    for (const value of spec.inputs) if (value) this.#assertVisible(value, body)
    const node: Node = {
      name: this.#index.uniqueName(spec.name ?? `${outputs[0] || spec.opType}_${spec.opType}`, new Set(outputs)),
      opType: spec.opType,
      domain: spec.domain ?? '',
      inputs: spec.inputs.map((value) => value?.name ?? ''),
      outputs,
      attributes: new Map(spec.attributes?.map((attribute) => [attribute.name, attribute])),
    }
    body.nodes.splice(at, 0, node)
    this.#index.enterNode(body, node)
    this.#record(() => {
      this.#index.leaveNode(node)
      body.nodes.splice(body.nodes.indexOf(node), 1)
    })
    return node
  }

  /** Removes a node whose outputs nothing reads, with its sub-graphs. */
  removeNode(node: Node): void {
    const body = this.bodyOf(node)
    for (let i = 0; i < node.outputs.length; i++) {
      const value = this.output(node, i)
      assert(!value || value.uses.size === 0, `${value?.name} of node ${node.name} is still used`)
    }
    const at = body.nodes.indexOf(node)
    const takeBacks = node.outputs.map((name) => this.#order.delete(body.valueInfo, name))
    body.nodes.splice(at, 1)
    this.#index.leaveNode(node)
    this.#record(() => {
      body.nodes.splice(at, 0, node)
      this.#index.enterNode(body, node)
      for (const takeBack of takeBacks.reverse()) takeBack()
    })
  }

  /** Points one input at another value, or at none. */
  setInput(node: Node, index: number, value: Value | null): void {
    if (value) this.#assertVisible(value, this.bodyOf(node))
    this.#record(this.#index.setInput(node, index, value && this.#own(value)))
  }

  /**
   * Makes readers of `value` read `replacement`. Outputs of bodies keep their name, so they are left out;
   * `bypass` handles those.
   * @param which limits it to some uses
   */
  replaceUses(value: Value, replacement: Value, which: (use: Use) => boolean = () => true): void {
    for (const use of [...value.uses]) {
      if (use.kind === 'input' && which(use)) this.setInput(use.node, use.index, replacement)
    }
  }

  /**
   * Removes a node that hands its input `index` on unchanged; readers of its first output read that input instead.
   * Where the output's name must survive (it is an output of its body), the input's value takes that name.
   * @returns false, and nothing is changed, when another output of the node is used, when the body would hand an
   *   outer value, an input or an initializer straight to its output or one value to two outputs, or when a
   *   sub-graph has a value of its own by the name that would be read there
   */
  bypass(node: Node, index = 0): boolean {
    const body = this.bodyOf(node)
    const from = this.input(node, index)
    const to = this.output(node, 0)
    if (!from || !to) return false
    for (let i = 1; i < node.outputs.length; i++) if (this.output(node, i)?.uses.size) return false
    const canRead = (uses: Iterable<Use>, name: string, meaning: Value) =>
      [...uses].every((use) => use.kind === 'output' || this.#index.find(use.body, name) === meaning)
    if (!canRead(to.uses, from.name, from)) return false
    if (!this.isOutput(to)) {
      this.replaceUses(to, from)
      this.removeNode(node)
      return true
    }
    if (from.body !== body || !from.producer || this.isOutput(from) || !canRead(from.uses, to.name, to)) return false
    const { name } = to
    this.replaceUses(to, from)
    this.#moveOutputs(to, from)
    this.removeNode(node)
    this.#rename(from, name)
    return true
  }

  /**
   * Puts a new node between a value and the outputs of bodies that hand it out, e.g. a Cast: the new node makes the
   * original name, the producer's output gets a derived name, and inner readers follow it.
   * Afterwards `value` stands for the producer's output under its new name.
   * @returns the new node
   */
  interposeAtOutput(value: Value, spec: InterposeSpec): Node {
    assert(this.isOutput(value), `${value.name} is not an output`)
    return this.#interpose(value, spec, false)
  }

  /** Like `interposeAtOutput`, but every reader reads the new node, and the value need not be an output. */
  interpose(value: Value, spec: InterposeSpec): Node {
    return this.#interpose(value, spec, true)
  }

  #interpose(value: Value, spec: InterposeSpec, forAll: boolean): Node {
    assert(value.producer, `${value.name} is made by no node, so its name cannot be given to another`)
    const { name, body } = value
    const type = this.typeOf(value)
    this.#rename(value, this.uniqueName(name + spec.suffix))
    const inputs = [value, ...(spec.inputs ?? [])]
    // exactly the old name, even where a sibling branch has it too
    const node = this.#insert({ ...spec, inputs, outputs: [name] }, [name], { after: value })
    const made = this.#named(body, name)
    this.#moveOutputs(value, made)
    if (forAll) this.replaceUses(value, made, (use) => use.kind === 'input' && use.node !== node)
    // the declared type stays with the name that it was declared for
    if (type && this.typeOf(made) === undefined) this.setType(made, type)
    if (body.valueInfo.has(value.name)) this.#record(this.#order.delete(body.valueInfo, value.name))
    if (spec.type) this.setType(value, spec.type)
    return node
  }

  // ---- parts of nodes ---------------------------------------------------------------------------------------------

  /** Sets or replaces an attribute. Attributes that hold graphs cannot be replaced. */
  setAttribute(node: Node, attribute: Attribute): void {
    for (const one of [node.attributes.get(attribute.name), attribute]) {
      assert(one?.type !== 'graph' && one?.type !== 'graphs', 'graph attributes are fixed')
    }
    this.#record(this.#order.set(node.attributes, attribute.name, attribute))
  }

  removeAttribute(node: Node, name: string): void {
    const before = node.attributes.get(name)
    if (!before) return
    assert(before.type !== 'graph' && before.type !== 'graphs', 'graph attributes are fixed')
    this.#record(this.#order.delete(node.attributes, name))
  }

  /** Turns a node into another operator with the same inputs and outputs. */
  setOperator(node: Node, opType: string, domain = ''): void {
    const { opType: oldType, domain: oldDomain } = node
    Object.assign(node, { opType, domain })
    this.#record(() => Object.assign(node, { opType: oldType, domain: oldDomain }))
  }

  /** Gives a node another name, made unique: for one that takes the place of a node that was removed. */
  setName(node: Node, wished: string): void {
    this.#record(this.#index.renameNode(node, this.uniqueName(wished)))
  }

  /** Adds optional outputs ('' wished names stay omitted) or drops trailing ones that nothing reads. */
  setOutputCount(node: Node, count: number): void {
    const body = this.bodyOf(node)
    const before = node.outputs
    const dropped = before.slice(count).flatMap((name) => (name ? [this.#named(body, name)] : []))
    for (const value of dropped) assert(value.uses.size === 0, `${value.name} is still used`)
    const takeBacks = dropped.map((value) => this.#order.delete(body.valueInfo, value.name))
    node.outputs = Array.from({ length: count }, (_, i) => before[i] ?? '')
    for (const value of dropped) this.#index.undefine(value)
    this.#record(() => {
      node.outputs = before
      for (const value of dropped) this.#index.define(body, value.name, node)
      for (const takeBack of takeBacks.reverse()) takeBack()
    })
  }

  /** Declares the type of a value (replacing what the file said). */
  setType(value: Value, type: ValueType): void {
    const { body, name } = value
    const listed =
      body.kind === 'graph' && (value.isInput || this.isOutput(value))
        ? [...body.inputs, ...body.outputs].filter((info) => info.name === name)
        : []
    if (listed.length === 0) {
      this.#record(this.#order.set(body.valueInfo, name, { name, type }))
      return
    }
    const before = listed.map((info) => ({ type: info.type, carried: info.carried }))
    for (const info of listed) {
      info.type = type
      delete info.carried
    }
    this.#record(() => {
      for (const [i, info] of listed.entries()) {
        const old = before[i]
        delete info.type
        if (old?.type) info.type = old.type
        if (old?.carried) info.carried = old.carried
      }
    })
  }

  // ---- versions ---------------------------------------------------------------------------------------------------

  /**
   * Sets the operator set version of a domain.
   * @param scope the model or one function; default: the model and all functions that import the domain
   */
  setOpset(domain: string, version: number, scope?: Model | FunctionDef): void {
    const functions = this.model.functions.map((f) => f.opsets).filter((opsets) => opsets.has(domain))
    const scopes = scope ? [scope.opsets] : [this.model.opsets, ...functions]
    const takeBacks = scopes.map((opsets) => this.#order.set(opsets, domain, version))
    this.#record(() => {
      for (const takeBack of takeBacks.reverse()) takeBack()
    })
  }

  setIrVersion(version: number): void {
    const before = this.model.irVersion
    this.model.irVersion = version
    this.#record(() => void (this.model.irVersion = before))
  }

  /** Removes a function. The caller sees to it that no node calls it. */
  removeFunction(definition: FunctionDef): void {
    const { model } = this
    const before = model.functions
    assert(before.includes(definition), `function ${definition.name} is not part of this model`)
    model.functions = before.filter((other) => other !== definition)
    const takeBack = this.#index.leaveFunction(definition)
    this.#record(() => {
      takeBack()
      model.functions = before
    })
  }

  /** Removes the documentation of a node, graph, function or value. */
  removeDocString(part: { docString?: string }): void {
    const before = part.docString
    if (before === undefined) return
    delete part.docString
    this.#record(() => void (part.docString = before))
  }

  /** A point that `undo` can go back to. */
  checkpoint(): number {
    return this.#undo.length
  }

  /** Takes back every change since `checkpoint`, newest first. */
  undo(checkpoint = 0): void {
    while (this.#undo.length > checkpoint) {
      this.#undo.pop()?.()
      this.model.edits--
    }
    this.#order.settle()
  }

  // ---- bookkeeping ------------------------------------------------------------------------------------------------

  #record(takeBack: () => void): void {
    this.#undo.push(takeBack)
    this.model.edits++
  }

  #locate(place: Place): { body: Body; at: number } {
    if ('startOf' in place) return { body: place.startOf, at: 0 }
    if ('endOf' in place) return { body: place.endOf, at: place.endOf.nodes.length }
    if ('before' in place) {
      const body = this.bodyOf(place.before)
      return { body, at: body.nodes.indexOf(place.before) }
    }
    const { body, producer } = place.after
    return { body, at: producer ? body.nodes.indexOf(producer) + 1 : 0 }
  }

  #named(body: Body, name: string): MutableValue {
    const value = this.#index.own(body, name)
    assert(value, `${name} is not defined in ${body.name}`)
    return value
  }

  #own(value: Value): MutableValue {
    const own = this.#index.own(value.body, value.name)
    assert(own === value, `${value.name} is no longer part of this model`)
    return own
  }

  #assertVisible(value: Value, body: Body): void {
    const found = this.#index.find(body, value.name)
    assert(found === value, `${value.name} of ${value.body.name} cannot be read in ${body.name}`)
  }

  #rename(value: Value, name: string): void {
    const mutable = this.#own(value)
    const before = value.name
    this.#index.rename(mutable, name)
    const { valueInfo } = value.body
    const info = valueInfo.get(before)
    const takeBacks = info ? [this.#order.delete(valueInfo, before)] : []
    // an output of a graph declares its type in the list of outputs
    if (info && !(value.body.kind === 'graph' && this.isOutput(value))) {
      takeBacks.push(this.#order.set(valueInfo, name, { ...info, name }))
    }
    this.#record(() => {
      for (const takeBack of takeBacks.reverse()) takeBack()
      this.#index.rename(mutable, before)
    })
  }

  /** Makes every body that hands out `from` hand out `to`, under the name of `to`. */
  #moveOutputs(from: Value, to: Value): void {
    const target = this.#own(to)
    for (const use of [...from.uses]) {
      if (use.kind === 'output') this.#record(this.#index.setOutput(use.body, use.index, target))
    }
  }
}
