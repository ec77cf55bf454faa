import type { GraphEditor, Use, Value } from '../../graph/edit'
import type { Node } from '../../graph/model'
import type { Layers, PlannedLayer } from './layers'
import { dataInputs, isStandard, keepsElements, onlyReader, PRODUCTS } from './operators'
import type { Target } from './targets/target'

/** Values that are held in the same integers: one scale, one zero point. */
export interface Group {
  readonly members: Set<Value>
  /** Of its readers; 0 where no reader asks for any. */
  bits: number
  /** Of the operators that make its members, for groups that no reader asks for. */
  ownBits: number
  /** A range that does not come from data. */
  fixed?: readonly [number, number]
}

/** Where QuantizeLinear and DequantizeLinear go. */
export interface Placement {
  /** Every value that is quantized, with the values that share its parameters. */
  readonly groups: ReadonlyMap<Value, Group>
  /** Nodes that compute in integers. */
  readonly integer: ReadonlySet<Node>
  /** The layer that makes a value in integers: the operator whose result it is, through absorbed activations. */
  readonly makers: ReadonlyMap<Value, Node>
  /** Activations and additions that another operator takes in, with that operator. */
  readonly absorbed: ReadonlyMap<Node, Node>
  /** Whether a reader of a quantized value reads the restored one. */
  readonly readsRestored: (value: Value, use: Use) => boolean
}

/**
 * Places pairs by the rules of a target. Products are integer; between them every operator that the target knows, where it reads
 * what an integer operator made and integers read its result. A value that a float operator makes is quantized for its integer
 * readers only; what an integer operator makes is quantized for all.
 */
export function place(editor: GraphEditor, target: Target, layers: Layers): Placement {
  const placing = new Placing(editor, target, layers)
  placing.findMakers()
  placing.wantAll()
  return placing
}

class Placing implements Placement {
  readonly groups = new Map<Value, Group>()
  readonly integer = new Set<Node>()
  readonly makers = new Map<Value, Node>()
  readonly #wantedInputs = new Map<Node, Set<number>>()
  readonly absorbed = new Map<Node, Node>()
  readonly #editor: GraphEditor
  readonly #target: Target
  readonly #layers: Layers
  readonly #nodes: readonly Node[]

  constructor(editor: GraphEditor, target: Target, layers: Layers) {
    this.#editor = editor
    this.#target = target
    this.#layers = layers
    this.#nodes = [...editor.nodes(editor.model.graph)]
  }

  readonly readsRestored = (value: Value, use: Use): boolean => {
    const maker = this.makers.get(value)
    if (maker && this.integer.has(maker)) return true
    return use.kind === 'input' && (this.#wantedInputs.get(use.node)?.has(use.index) ?? false)
  }

  /** Who makes what in integers, if it is wanted: nodes are in an order in which values are made before they are read. */
  findMakers(): void {
    for (const node of this.#nodes) {
      if (this.absorbed.has(node)) continue
      const isProduct = this.#isProduct(node)
      if (!isProduct && !this.#isBetween(node)) continue
      for (let i = 0; i < node.outputs.length; i++) {
        const output = this.#editor.output(node, i)
        if (!output) continue
        const end = i === 0 && this.#ruleOf(node) ? this.#absorb(node, output) : output
        if (this.#layers.isFloat32(end)) this.makers.set(end, node)
      }
    }
  }

  #layerOf(node: Node): PlannedLayer | undefined {
    const layer = this.#layers.of.get(node)
    return layer?.form === 'integer' ? layer : undefined
  }

  #ruleOf = (node: Node) => this.#layerOf(node)?.rule

  #isProduct = (node: Node) => PRODUCTS.has(node.opType) && this.#layerOf(node) !== undefined

  #keepsScale(node: Node): boolean {
    const { keepsScale } = this.#target
    const layer = this.#layers.of.get(node)
    return (
      isStandard(node) &&
      keepsScale.has(node.opType) &&
      layer?.form !== 'float' &&
      keepsElements(node, this.#layers.zeroPads)
    )
  }

  /** An operator of the target that reads something made in integers. */
  #isBetween(node: Node): boolean {
    if (!this.#ruleOf(node) && !this.#keepsScale(node)) return false
    return this.#dataOf(node).some(({ value }) => this.makers.has(value))
  }

  #dataOf(node: Node): { index: number; value: Value }[] {
    return dataInputs(node).flatMap((index) => {
      const value = this.#editor.input(node, index)
      return value ? [{ index, value }] : []
    })
  }

  /** The value at the end of what an operator takes in. */
  #absorb(node: Node, output: Value): Value {
    const next = onlyReader(output)
    const then = next && isStandard(next) ? this.#editor.output(next, 0) : undefined
    if (!next || !then || this.absorbed.has(next)) return output
    const isActivation = this.#target.absorbs.has(next.opType) && !this.#layers.of.get(next)?.isKept
    if (isActivation) {
      this.absorbed.set(next, node)
      return this.#target.fusesResidual ? this.#absorb(node, then) : then
    }
    if (next.opType !== 'Add' || this.#layers.of.get(next)?.isKept) return output
    const other = this.#dataOf(next).find(({ value }) => value !== output)
    if (!other || !this.#layers.isFloat32(other.value)) return output
    if (this.#editor.constant(other.value)) {
      // a bias: added in float where the product may stay so, which rounds once instead of twice
      if (node.opType !== 'MatMul' || this.#ruleOf(node)?.output !== 'any') return output
      this.absorbed.set(next, node)
      return this.#absorb(node, then)
    }
    if (!this.#target.fusesResidual || node.opType !== 'Conv') return output
    // where both summands are convolutions, the later one takes the addition in
    if (this.#isLaterProduct(node, other.value)) return output
    this.absorbed.set(next, node)
    this.#reads(next, other.index)
    return this.#absorb(node, then)
  }

  #isLaterProduct(node: Node, value: Value): boolean {
    const { producer } = value
    return (
      producer?.opType === 'Conv' &&
      this.#isProduct(producer) &&
      this.#nodes.indexOf(producer) > this.#nodes.indexOf(node)
    )
  }

  #reads(node: Node, index: number): void {
    const wanted = this.#wantedInputs.get(node) ?? new Set()
    this.#wantedInputs.set(node, wanted.add(index))
  }

  wantAll(): void {
    for (const [node, wanted] of [...this.#wantedInputs]) {
      for (const index of wanted) this.#want(this.#editor.input(node, index) as Value, 8)
    }
    for (const node of this.#nodes) {
      const layer = this.#layerOf(node)
      if (this.absorbed.has(node) || !layer) continue
      const isPool = layer.rule?.output === 'any'
      if (this.#isProduct(node) || (isPool && this.#dataOf(node).every(({ value }) => this.#layers.isFloat32(value)))) {
        this.#enter(node)
      }
    }
    for (const [value, maker] of this.makers) {
      const mustBe = this.#isProduct(maker) && this.#ruleOf(maker)?.output === 'integer'
      if (mustBe || this.#target.isWhole) this.#want(value, 0)
    }
  }

  /** Makes a node integer: its inputs are wanted. */
  #enter(node: Node): void {
    if (this.integer.has(node)) return
    this.integer.add(node)
    const layer = this.#layerOf(node)
    const bits = layer?.bits ?? 8
    for (const { index, value } of this.#dataOf(node)) {
      if (layer && this.#isWeight(layer, index)) continue
      this.#reads(node, index)
      this.#want(value, bits)
    }
  }

  #isWeight(layer: PlannedLayer, index: number): boolean {
    return index === 1 && PRODUCTS.has(layer.node.opType) && layer.weights.length > 0
  }

  #want(value: Value, bits: number): void {
    const known = this.groups.get(value)
    if (known) {
      known.bits = Math.max(known.bits, bits)
      return
    }
    const group: Group = { members: new Set([value]), bits, ownBits: 8 }
    this.groups.set(value, group)
    const maker = this.makers.get(value)
    if (!maker) return
    group.ownBits = this.#layerOf(maker)?.bits ?? 8
    const { fixedRanges } = this.#target
    if (Object.hasOwn(fixedRanges, maker.opType)) group.fixed = fixedRanges[maker.opType] as [number, number]
    if (this.#isProduct(maker)) return
    if (this.#keepsScale(maker)) {
      this.integer.add(maker)
      for (const { index, value: input } of this.#dataOf(maker)) {
        const source = this.#sourceOf(input)
        if (source === input) this.#reads(maker, index)
        this.#want(source, bits)
        this.#unite(value, source)
      }
    } else this.#enter(maker)
  }

  /** The value that others only move in float: a pair behind each of them would change nothing. */
  #sourceOf(value: Value): Value {
    const maker = this.makers.get(value)
    const isMove = maker && this.#target.movesInFloat.has(maker.opType) && this.#keepsScale(maker)
    const [data] = isMove ? this.#dataOf(maker) : []
    return data ? this.#sourceOf(data.value) : value
  }

  #unite(a: Value, b: Value): void {
    const [to, from] = [this.groups.get(a) as Group, this.groups.get(b) as Group]
    if (to === from) return
    to.bits = Math.max(to.bits, from.bits)
    to.ownBits = Math.max(to.ownBits, from.ownBits)
    if (from.fixed) to.fixed ??= from.fixed
    for (const value of from.members) {
      to.members.add(value)
      this.groups.set(value, to)
    }
  }
}
