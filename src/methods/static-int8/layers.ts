import { parseLayerRules, type LayerKind } from '../../core/layer-rules'
import type { DType } from '../../core/dtypes'
import type { GraphEditor, Value } from '../../graph/edit'
import { inferDTypes } from '../../graph/infer-dtypes'
import type { Node } from '../../graph/model'
import { storedTensors, type StoredTensor } from '../../graph/weights'
import { anchorsOf, dataInputs, isLayer, isStandard, onlyReader, PRODUCTS, RECURRENT } from './operators'
import type { OperatorRule, Target } from './targets/target'

/** A constant that a layer reads as its weight. */
export interface LayerWeight {
  readonly stored: StoredTensor
  /** Axis of the stored tensor with one index per output channel; null where there is none. */
  readonly axis: number | null
}

/** What a node that computes is to become. */
export interface PlannedLayer {
  readonly node: Node
  readonly name: string
  /** integer: computes in integers. weights: only its weights are stored as integers. */
  form: 'integer' | 'weights' | 'float'
  /** Of its inputs, or of its weights where only these are integers. */
  readonly bits: 16 | 8 | 4
  /** Whether a rule of the user keeps it in float. */
  readonly isKept?: boolean
  readonly rule?: OperatorRule
  readonly weights: readonly LayerWeight[]
  /** Why it is not what was asked for, in plain words. */
  why?: string
}

export interface Layers {
  readonly all: readonly PlannedLayer[]
  readonly of: ReadonlyMap<Node, PlannedLayer>
  readonly isFloat32: (value: Value | undefined) => boolean
  /** Pad nodes that fill with 0, which every zero point stands for. */
  readonly zeroPads?: ReadonlySet<Node>
}

/** Decides for every layer of the model from rules, target and graph alone. */
export function planLayers(editor: GraphEditor, target: Target, rules: string): Layers {
  const kindOf = parseLayerRules(rules, 'static-int8')
  const dtypes = inferDTypes(editor)
  const isFloat32 = (value: Value | undefined) => value !== undefined && dtypes.get(value) === 'float32'
  const weights = weightsByNode(editor)
  const all: PlannedLayer[] = []
  for (const node of editor.nodes()) {
    const own = weights.get(node) ?? []
    if (!isStandard(node) || !isLayer(node)) continue
    const name = nameOf(node)
    const kind = kindOf({ name, opType: node.opType, chain: chainOf(editor, node) }) ?? '8'
    all.push({ node, name, weights: own, ...decide({ editor, target, isFloat32, dtypes }, node, own, kind) })
  }
  const of = new Map(all.map((layer) => [layer.node, layer]))
  keepTogether(all)
  return { all, of, isFloat32 }
}

export const nameOf = (node: Node): string => node.name || (node.outputs.find((name) => name !== '') ?? '')

interface Surroundings {
  readonly editor: GraphEditor
  readonly target: Target
  readonly isFloat32: Layers['isFloat32']
  readonly dtypes: ReadonlyMap<Value, DType>
}

type Decided = Pick<PlannedLayer, 'form' | 'bits' | 'rule' | 'why' | 'isKept'>

function decide(around: Surroundings, node: Node, weights: readonly LayerWeight[], kind: LayerKind): Decided {
  if (kind === 'float') return { form: 'float', bits: 8, isKept: true, why: 'a rule keeps it in float' }
  const bits = Number(kind) as 16 | 8 | 4
  const canStore = weights.length > 0 && (PRODUCTS.has(node.opType) || RECURRENT.has(node.opType))
  const orWeights = (why: string): Decided => ({
    form: canStore ? 'weights' : 'float',
    bits: bits === 16 ? 8 : bits,
    why,
  })
  if (kind === '4') return canStore ? { form: 'weights', bits } : { form: 'float', bits, why: 'it has no weights' }
  const { editor, target, isFloat32 } = around
  const rule = Object.hasOwn(target.operators, node.opType) ? target.operators[node.opType] : undefined
  if (!target.activations) return orWeights('the target computes in float, and only weights are stored as integers')
  if (RECURRENT.has(node.opType)) return orWeights(`${node.opType} has no integer form for ranges from data`)
  if (editor.bodyOf(node) !== editor.model.graph)
    return orWeights('values inside of sub-graphs and functions are not observed')
  const keeps = target.keepsScale.has(node.opType)
  if (!rule && !keeps) return orWeights(`the target has no integer ${node.opType}`)
  const data = dataInputs(node).map((i) => editor.input(node, i))
  const odd = data.find((value) => value && !isFloat32(value))
  if (odd) return orWeights(`it computes with ${around.dtypes.get(odd) ?? 'values of a type that could not be told'}`)
  if (PRODUCTS.has(node.opType) && node.opType !== 'MatMul' && weights.length === 0) {
    return orWeights('its weight is computed in the graph')
  }
  if (weights.length > 0 && !weights.some(({ stored }) => leadsTo(editor, stored, node, 1))) {
    return orWeights('its weight is not its second input')
  }
  return { form: 'integer', bits, ...(rule && { rule }) }
}

/** Whether a stored tensor reaches input `index` of a node. */
export function leadsTo(editor: GraphEditor, stored: StoredTensor, node: Node, index: number): boolean {
  for (let at = editor.input(node, index); at;) {
    if (at === stored.value) return true
    at = at.producer && editor.input(at.producer, 0)
  }
  return false
}

function weightsByNode(editor: GraphEditor): Map<Node, LayerWeight[]> {
  const found = new Map<Node, LayerWeight[]>()
  for (const stored of storedTensors(editor)) {
    if (stored.tensor.dtype !== 'float32' && stored.tensor.dtype !== 'float16') continue
    // half-precision readers want half-precision weights, which DequantizeLinear gives from opset 19 on only
    if (stored.isBodyOutput || (stored.tensor.dtype === 'float16' && anchorsOf(editor, stored.value).length === 1))
      continue
    for (const { node, axis } of stored.roles) found.set(node, [...(found.get(node) ?? []), { stored, axis }])
  }
  return found
}

/** Operators from `node` on as long as one node alone reads the result. */
function chainOf(editor: GraphEditor, node: Node): string[] {
  const chain = [node.opType]
  for (
    let next = onlyReader(editor.output(node, 0));
    next && chain.length < 8;
    next = onlyReader(editor.output(next, 0))
  ) {
    chain.push(next.opType)
  }
  return chain
}

/** A tensor is stored once: where one of its readers stays in float, all of them do. */
function keepTogether(layers: readonly PlannedLayer[]): void {
  for (let changed = true; changed;) {
    changed = false
    const holders = new Map<StoredTensor, PlannedLayer>()
    for (const layer of layers) {
      if (layer.form === 'float') for (const { stored } of layer.weights) holders.set(stored, layer)
    }
    for (const layer of layers) {
      const holder = layer.weights.map(({ stored }) => holders.get(stored)).find(Boolean)
      if (layer.form === 'float' || !holder) continue
      layer.form = 'float'
      layer.why = `shares a weight with ${holder.name}, which stays in float`
      changed = true
    }
  }
}

/** Layers whose values cannot be quantized keep integers for their weights at most. */
export function keepValuesInFloat(layers: readonly PlannedLayer[], why: string): void {
  for (const layer of layers) {
    layer.form = layer.weights.length > 0 ? 'weights' : 'float'
    layer.why = why
  }
}
