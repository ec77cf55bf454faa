import { assert } from '../core/errors'
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

export interface NodeSpec {
  opType: string
  domain?: string
  /** Tensor that the node's name is derived from; default: the first output's name. */
  name?: string
  /** null for an omitted optional input. */
  inputs: readonly (Value | null)[]
  /** Wished names; each is made unique. '' for an omitted optional output. */
  outputs: readonly string[]
  attributes?: readonly Attribute[]
}

type MutableValue = { name: string; body: Body; producer?: Node; isInput: boolean; uses: Set<Use> }

/**
 * The one way to change a graph (R2).
 *
 * It addresses values and nodes, never arrays, and knows the consumers of a value across sub-graphs (captured outer
 * values at any depth) and functions. Names stay unique over the whole model and are derived from the wished one.
 * Every change is recorded and can be undone. The model is edited in place: `cloneModel` first to keep the original.
 */
export class GraphEditor {
  readonly #values = new Map<Body, Map<string, MutableValue>>()
  readonly #parents = new Map<Body, Body | null>()
  readonly #bodyOf = new Map<Node, Body>()
  readonly #inputUses = new Map<Node, (Use | null)[]>()
  readonly #names = new Set<string>()
  readonly #undo: (() => void)[] = []

  constructor(readonly model: Model) {
    for (const root of [model.graph, ...model.functions]) this.#enter(root, null)
  }

  // ---- looking ----------------------------------------------------------------------------------------------------

  /** All nodes of one body, or of the whole model, in order; a node comes before those of its sub-graphs. */
  *nodes(within?: Body): Generator<Node> {
    const roots: Body[] = within ? [within] : [this.model.graph, ...this.model.functions]
    for (const root of roots) {
      for (const node of [...root.nodes]) {
        if (!this.#bodyOf.has(node)) continue // removed by the caller meanwhile
        yield node
        if (!within) for (const graph of subGraphs(node)) yield* this.#nested(graph)
      }
    }
  }

  *#nested(body: Body): Generator<Node> {
    for (const node of [...body.nodes]) {
      if (!this.#bodyOf.has(node)) continue
      yield node
      for (const graph of subGraphs(node)) yield* this.#nested(graph)
    }
  }

  /** All initializers of the model, sub-graphs included. */
  *initializers(): Generator<{ value: Value; tensor: LazyTensor }> {
    for (const body of this.#parents.keys()) {
      if (body.kind !== 'graph') continue
      for (const tensor of [...body.initializers.values()]) {
        const value = this.#values.get(body)?.get(tensor.name)
        if (value) yield { value, tensor }
      }
    }
  }

  bodyOf(node: Node): Body {
    const body = this.#bodyOf.get(node)
    assert(body, `node ${node.name} is not part of this model`)
    return body
  }

  /** The graph or function around a sub-graph; null at the top. */
  parentOf(body: Body): Body | null {
    return this.#parents.get(body) ?? null
  }

  /** The value that `name` means when it is read in `body`; undefined when nothing defines it. */
  resolve(body: Body, name: string): Value | undefined {
    return name === '' ? undefined : this.#find(body, name)
  }

  input(node: Node, index: number): Value | undefined {
    const name = node.inputs[index]
    return name ? this.#find(this.bodyOf(node), name) : undefined
  }

  output(node: Node, index: number): Value | undefined {
    const name = node.outputs[index]
    return name ? this.#values.get(this.bodyOf(node))?.get(name) : undefined
  }

  /**
   * The tensor that a value always has: an initializer that no caller can override, or a Constant node's `value`.
   * Up to IR 3 every initializer also stands among the inputs; that alone does not make it variable.
   */
  constant(value: Value | undefined): LazyTensor | undefined {
    if (!value) return undefined
    if (value.producer) {
      const isConstant = value.producer.opType === 'Constant' && value.producer.domain === ''
      const attribute = isConstant ? value.producer.attributes.get('value') : undefined
      return attribute?.type === 'tensor' ? attribute.value : undefined
    }
    if (value.body.kind !== 'graph') return undefined
    if (value.isInput && this.model.irVersion >= 4) return undefined
    return value.body.initializers.get(value.name)
  }

  /** The declared type of a value, where the file gives one. */
  typeOf(value: Value): ValueType | undefined {
    const { body, name } = value
    const listed = body.kind === 'graph' ? [...body.inputs, ...body.outputs].find((info) => info.name === name) : undefined
    const declared = listed?.type ?? body.valueInfo.get(name)?.type
    if (declared) return declared
    const tensor = this.constant(value)
    return tensor && { kind: 'tensor', dtype: tensor.dtype, shape: tensor.shape }
  }

  isOutput(value: Value): boolean {
    for (const use of value.uses) if (use.kind === 'output') return true
    return false
  }

  /** A name that nothing in the model has: `wished`, or `wished_1`, `wished_2`, … */
  uniqueName(wished: string): string {
    if (!this.#names.has(wished)) return wished
    for (let i = 1; ; i++) {
      const name = `${wished}_${i}`
      if (!this.#names.has(name)) return name
    }
  }

  // ---- changing ---------------------------------------------------------------------------------------------------

  /** Adds a tensor to the graph; its name is made unique. */
  addInitializer(body: Graph, tensor: LazyTensor): Value {
    const name = this.uniqueName(tensor.name)
    const stored = name === tensor.name ? tensor : { ...tensor, name }
    this.#do(
      () => {
        body.initializers.set(name, stored)
        this.#define(body, name, undefined, false)
      },
      () => {
        body.initializers.delete(name)
        this.#undefine(body, name)
      },
    )
    return this.#own(body, name)
  }

  /** Gives an initializer or Constant node other contents under its old name. */
  replaceConstant(value: Value, tensor: LazyTensor): void {
    if (value.producer) {
      this.setAttribute(value.producer, { name: 'value', type: 'tensor', value: tensor })
      return
    }
    const { body, name } = value
    assert(body.kind === 'graph', `${name} is not an initializer`)
    const old = body.initializers.get(name)
    assert(old, `${name} is not an initializer`)
    this.#do(
      () => void body.initializers.set(name, { ...tensor, name }),
      () => void body.initializers.set(name, old),
    )
  }

  /** Removes an initializer that nothing reads, and the graph input of the same name (IR 3). */
  removeInitializer(value: Value): void {
    const { body, name } = value
    assert(body.kind === 'graph' && value.uses.size === 0, `${name} is still used`)
    const order = [...body.initializers]
    const inputs = [...body.inputs]
    const info = body.valueInfo.get(name)
    this.#do(
      () => {
        body.initializers.delete(name)
        body.inputs = body.inputs.filter((input) => input.name !== name)
        body.valueInfo.delete(name)
        this.#undefine(body, name)
      },
      () => {
        body.initializers = new Map(order)
        body.inputs = inputs
        if (info) body.valueInfo.set(name, info)
        this.#define(body, name, undefined, value.isInput)
      },
    )
  }

  /** Takes initializers off the list of inputs (from IR 4 on, only those that callers may override stand there). */
  unlistInitializerInputs(body: Graph): void {
    const before = body.inputs
    const names = before.filter((info) => body.initializers.has(info.name)).map((info) => info.name)
    if (names.length === 0) return
    const mark = (isInput: boolean) => {
      for (const name of names) this.#mutable(body, name).isInput = isInput
    }
    this.#do(
      () => {
        body.inputs = before.filter((info) => !body.initializers.has(info.name))
        mark(false)
      },
      () => {
        body.inputs = before
        mark(true)
      },
    )
  }

  /**
   * Inserts a node directly before `before`, or at the start of `body`.
   * The caller sees to it that its inputs are defined there.
   */
  addNode(spec: NodeSpec, place: { before: Node } | { startOf: Body }): Node {
    const body = 'before' in place ? this.bodyOf(place.before) : place.startOf
    const outputs: string[] = []
    for (const wished of spec.outputs) {
      const name = wished === '' ? '' : this.uniqueName(wished)
      if (name) this.#names.add(name) // keeps a second output of the same wished name apart
      outputs.push(name)
    }
    const node: Node = {
      name: this.uniqueName(spec.name ?? `${outputs[0] ?? spec.opType}_${spec.opType}`),
      opType: spec.opType,
      domain: spec.domain ?? '',
      inputs: spec.inputs.map((value) => value?.name ?? ''),
      outputs,
      attributes: new Map(spec.attributes?.map((attribute) => [attribute.name, attribute])),
    }
    const index = 'before' in place ? body.nodes.indexOf(place.before) : 0
    this.#do(
      () => {
        body.nodes.splice(index, 0, node)
        this.#enterNode(body, node)
        this.#linkInputs(body, node)
      },
      () => {
        body.nodes.splice(body.nodes.indexOf(node), 1)
        this.#leaveNode(body, node)
      },
    )
    return node
  }

  /** Removes a node whose outputs nothing reads. */
  removeNode(node: Node): void {
    const body = this.bodyOf(node)
    for (const name of node.outputs) {
      const value = name ? this.#own(body, name) : undefined
      assert(!value || value.uses.size === 0, `${name} of node ${node.name} is still used`)
    }
    const index = body.nodes.indexOf(node)
    const infos = node.outputs.map((name) => body.valueInfo.get(name))
    this.#do(
      () => {
        body.nodes.splice(index, 1)
        for (const name of node.outputs) body.valueInfo.delete(name)
        this.#leaveNode(body, node)
      },
      () => {
        body.nodes.splice(index, 0, node)
        for (const info of infos) if (info) body.valueInfo.set(info.name, info)
        this.#enterNode(body, node)
        this.#linkInputs(body, node)
      },
    )
  }

  /** Points one input at another value, or at none. */
  setInput(node: Node, index: number, value: Value | null): void {
    const body = this.bodyOf(node)
    const before = [...node.inputs]
    const after = [...node.inputs]
    while (after.length <= index) after.push('')
    after[index] = value?.name ?? ''
    while (after.at(-1) === '') after.pop()
    this.#do(
      () => this.#relink(body, node, after),
      () => this.#relink(body, node, before),
    )
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
   * @returns false, and nothing is changed, when the body would hand an outer value, an input or an initializer
   *   straight to its output, or one value to two outputs
   */
  bypass(node: Node, index = 0): boolean {
    const body = this.bodyOf(node)
    const from = this.input(node, index)
    const to = this.output(node, 0)
    if (!from || !to) return false
    if (this.isOutput(to)) {
      if (from.body !== body || !from.producer || this.isOutput(from)) return false
      this.replaceUses(to, from)
      this.#swapOutputDefinition(body, node, from, to.name)
      return true
    }
    this.replaceUses(to, from)
    this.removeNode(node)
    return true
  }

  /** Sets or replaces an attribute. Attributes that hold graphs cannot be replaced. */
  setAttribute(node: Node, attribute: Attribute): void {
    const before = node.attributes.get(attribute.name)
    assert(before?.type !== 'graph' && attribute.type !== 'graph', 'graph attributes are fixed')
    this.#do(
      () => void node.attributes.set(attribute.name, attribute),
      () => {
        if (before) node.attributes.set(attribute.name, before)
        else node.attributes.delete(attribute.name)
      },
    )
  }

  removeAttribute(node: Node, name: string): void {
    const before = node.attributes.get(name)
    if (!before) return
    assert(before.type !== 'graph' && before.type !== 'graphs', 'graph attributes are fixed')
    this.#do(
      () => void node.attributes.delete(name),
      () => void node.attributes.set(name, before),
    )
  }

  /** Turns a node into another operator with the same inputs and outputs. */
  setOperator(node: Node, opType: string, domain = ''): void {
    const { opType: oldType, domain: oldDomain } = node
    this.#do(
      () => Object.assign(node, { opType, domain }),
      () => Object.assign(node, { opType: oldType, domain: oldDomain }),
    )
  }

  /** Adds optional outputs ('' wished names stay omitted) or drops trailing ones that nothing reads. */
  setOutputCount(node: Node, count: number): void {
    const body = this.bodyOf(node)
    const before = [...node.outputs]
    const dropped = before.slice(count)
    for (const name of dropped) assert(!name || this.#own(body, name).uses.size === 0, `${name} is still used`)
    const added = Array.from({ length: Math.max(0, count - before.length) }, () => '')
    this.#do(
      () => {
        node.outputs = [...before.slice(0, count), ...added]
        for (const name of dropped) if (name) this.#undefine(body, name)
      },
      () => {
        node.outputs = [...before]
        for (const name of dropped) if (name) this.#define(body, name, node, false)
      },
    )
  }

  /** Declares the type of a value (replacing what the file said). */
  setType(value: Value, type: ValueType): void {
    const { body, name } = value
    const listed = body.kind === 'graph' ? [...body.inputs, ...body.outputs].filter((info) => info.name === name) : []
    if (listed.length > 0) {
      const before = listed.map((info) => ({ ...info }))
      this.#do(
        () => listed.forEach((info) => Object.assign(info, { type, carried: undefined })),
        () => listed.forEach((info, i) => Object.assign(info, before[i])),
      )
      return
    }
    const before = body.valueInfo.get(name)
    this.#do(
      () => void body.valueInfo.set(name, { name, type }),
      () => {
        if (before) body.valueInfo.set(name, before)
        else body.valueInfo.delete(name)
      },
    )
  }

  /** Sets the operator set version of a domain, in the model and in functions that import it. */
  setOpset(domain: string, version: number): void {
    const scopes = [this.model.opsets, ...this.model.functions.map((f) => f.opsets).filter((o) => o.has(domain))]
    const before = scopes.map((opsets) => opsets.get(domain))
    this.#do(
      () => scopes.forEach((opsets) => opsets.set(domain, version)),
      () =>
        scopes.forEach((opsets, i) => {
          const old = before[i]
          if (old === undefined) opsets.delete(domain)
          else opsets.set(domain, old)
        }),
    )
  }

  setIrVersion(version: number): void {
    const before = this.model.irVersion
    this.#do(
      () => void (this.model.irVersion = version),
      () => void (this.model.irVersion = before),
    )
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
  }

  // ---- bookkeeping ------------------------------------------------------------------------------------------------

  #do(apply: () => void, revert: () => void): void {
    apply()
    this.#undo.push(revert)
    this.model.edits++
  }

  #find(body: Body, name: string): MutableValue | undefined {
    for (let at: Body | null = body; at; at = this.#parents.get(at) ?? null) {
      const value = this.#values.get(at)?.get(name)
      if (value) return value
    }
    return undefined
  }

  #own(body: Body, name: string): MutableValue {
    const value = this.#values.get(body)?.get(name)
    assert(value, `${name} is not defined in ${body.name}`)
    return value
  }

  #mutable(body: Body, name: string): MutableValue {
    return this.#own(body, name)
  }

  #define(body: Body, name: string, producer: Node | undefined, isInput: boolean): void {
    const values = this.#values.get(body)
    assert(values, 'unknown body')
    this.#names.add(name)
    const existing = values.get(name)
    if (existing) existing.isInput ||= isInput
    else values.set(name, { name, body, ...(producer && { producer }), isInput, uses: new Set() })
  }

  #undefine(body: Body, name: string): void {
    this.#values.get(body)?.delete(name)
    this.#names.delete(name)
  }

  #enter(body: Body, parent: Body | null): void {
    this.#parents.set(body, parent)
    this.#values.set(body, new Map())
    if (body.kind === 'graph') {
      for (const info of body.inputs) this.#define(body, info.name, undefined, true)
      for (const name of body.initializers.keys()) this.#define(body, name, undefined, false)
      for (const sparse of body.sparseInitializers) this.#define(body, sparse.values.name, undefined, false)
    } else {
      for (const name of (body satisfies FunctionDef).inputs) this.#define(body, name, undefined, true)
    }
    for (const node of body.nodes) this.#enterNode(body, node)
    for (const node of body.nodes) this.#linkInputs(body, node)
    this.#outputNames(body).forEach((name, index) => {
      this.#find(body, name)?.uses.add({ kind: 'output', index, body })
    })
  }

  #outputNames(body: Body): readonly string[] {
    return body.kind === 'graph' ? body.outputs.map((info) => info.name) : body.outputs
  }

  #enterNode(body: Body, node: Node): void {
    this.#bodyOf.set(node, body)
    if (node.name) this.#names.add(node.name)
    for (const name of node.outputs) if (name) this.#define(body, name, node, false)
  }

  /** Links a node's own inputs, then enters its sub-graphs, which may capture any value defined so far. */
  #linkInputs(body: Body, node: Node): void {
    this.#linkOwnInputs(body, node)
    for (const graph of subGraphs(node)) this.#enter(graph, body)
  }

  #linkOwnInputs(body: Body, node: Node): void {
    const uses = node.inputs.map((name, index): Use | null => {
      const value = name ? this.#find(body, name) : undefined
      if (!value) return null
      const use: Use = { kind: 'input', node, index, body }
      value.uses.add(use)
      return use
    })
    this.#inputUses.set(node, uses)
  }

  #unlinkOwnInputs(body: Body, node: Node): void {
    this.#inputUses.get(node)?.forEach((use, index) => {
      const name = node.inputs[index]
      if (use && name) this.#find(body, name)?.uses.delete(use)
    })
    this.#inputUses.delete(node)
  }

  #relink(body: Body, node: Node, inputs: readonly string[]): void {
    this.#unlinkOwnInputs(body, node)
    node.inputs = [...inputs]
    this.#linkOwnInputs(body, node)
  }

  #leaveNode(body: Body, node: Node): void {
    for (const graph of subGraphs(node)) this.#leave(graph)
    this.#unlinkOwnInputs(body, node)
    for (const name of node.outputs) if (name) this.#undefine(body, name)
    this.#bodyOf.delete(node)
    this.#names.delete(node.name)
  }

  #leave(body: Body): void {
    this.#outputNames(body).forEach((name, index) => {
      const uses = this.#find(body, name)?.uses
      for (const use of uses ?? []) if (use.kind === 'output' && use.body === body && use.index === index) uses?.delete(use)
    })
    for (const node of body.nodes) this.#leaveNode(body, node)
    for (const name of this.#values.get(body)?.keys() ?? []) this.#names.delete(name)
    this.#values.delete(body)
    this.#parents.delete(body)
  }

  /** Removes `node`, and lets `from` (made by another node of the body) take over the name of its output. */
  #swapOutputDefinition(body: Body, node: Node, from: Value, name: string): void {
    const producer = from.producer
    assert(producer, `${from.name} has no producer`)
    const oldName = from.name
    const readers = [...from.uses].filter((use) => use.kind === 'input' && use.node !== node)
    const outputUses = [...this.#own(body, name).uses]
    const index = body.nodes.indexOf(node)
    const oldInfo = body.valueInfo.get(oldName)
    const slot = producer.outputs.indexOf(oldName)
    const rename = (use: Use, to: string) => {
      if (use.kind !== 'input') return
      this.#relink(use.body, use.node, use.node.inputs.map((input, i) => (i === use.index ? to : input)))
    }
    this.#do(
      () => {
        body.nodes.splice(index, 1)
        this.#leaveNode(body, node)
        body.valueInfo.delete(oldName)
        producer.outputs[slot] = name
        this.#define(body, name, producer, false)
        for (const use of outputUses) this.#own(body, name).uses.add(use)
        for (const use of readers) rename(use, name)
        this.#undefine(body, oldName)
      },
      () => {
        this.#define(body, oldName, producer, false)
        producer.outputs[slot] = oldName
        for (const use of readers) rename(use, oldName)
        this.#undefine(body, name)
        if (oldInfo) body.valueInfo.set(oldName, oldInfo)
        body.nodes.splice(index, 0, node)
        this.#enterNode(body, node)
        this.#linkInputs(body, node)
        for (const use of outputUses) this.#own(body, name).uses.add(use)
      },
    )
  }
}
