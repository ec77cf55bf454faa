import { elementCount } from '../../core/dtypes'
import { UsageError } from '../../core/errors'
import { parseLayerRules, type LayerKind, type RuledLayer } from '../../core/layer-rules'
import type { OptionsOf } from '../../core/options'
import { constantThrough, widenedConstant } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import { inferDTypes } from '../../graph/infer-dtypes'
import { intAttribute, intsAttribute, type LazyTensor, type Node } from '../../graph/model'
import type { meta } from './meta'

export type Options = OptionsOf<typeof meta.options>

/** A weight as it is stored, and as its layer reads it. */
export interface LayerWeight {
  /** The initializer or Constant node. */
  readonly value: Value
  /** Read as float32. */
  readonly tensor: LazyTensor
  /** Which input of the layer it is. */
  readonly input: number
  /** The layer reads the two axes the other way round. */
  readonly isTurned: boolean
}

/** A node with weights, and what becomes of it. */
export interface LayerPlan {
  readonly node: Node
  readonly name: string
  /** Of the node before it is replaced. */
  readonly opType: string
  readonly weights: readonly LayerWeight[]
  readonly sizeBeforeBytes: number
  readonly sizeAfterBytes: number
  /** Why it stays float; undefined where it becomes integer. */
  why?: string
}

const LAYERS = new Set(['MatMul', 'Gemm', 'LSTM', 'Conv', 'ConvTranspose', 'GRU', 'RNN'])

export const nameOf = (node: Node): string => node.name || (node.outputs.find((name) => name !== '') ?? '')

/** Decides for every node with weights from names, shapes and readers alone. @throws UsageError for a rule of other bits */
export function planLayers(editor: GraphEditor, options: Options): LayerPlan[] {
  const kindOf = parseLayerRules(options.layers, 'dynamic-int8')
  const dtypes = inferDTypes(editor)
  const plans = [...editor.nodes()]
    .filter(({ domain, opType }) => (domain === '' || domain === 'ai.onnx') && LAYERS.has(opType))
    .map((node) => {
      const kind = ruled(kindOf, { name: nameOf(node), opType: node.opType, chain: [node.opType] })
      return planLayer(editor, node, { options, kind, isFloat32: (value) => dtypes.get(value) === 'float32' })
    })
  keepShared(editor, plans)
  return plans
}

function ruled(kindOf: ReturnType<typeof parseLayerRules>, layer: RuledLayer): LayerKind | undefined {
  const kind = kindOf(layer)
  if (kind !== '16' && kind !== '4') return kind
  throw new UsageError(`A rule of dynamic-int8 wants ${kind} bits for the layer "${layer.name}": expected float or 8.`)
}

interface Setting {
  readonly options: Options
  readonly kind: LayerKind | undefined
  readonly isFloat32: (value: Value) => boolean
}

function planLayer(editor: GraphEditor, node: Node, setting: Setting): LayerPlan {
  const weights = weightsOf(editor, node)
  const before = weights.reduce((sum, { value }) => sum + storedBytes(editor, value), 0)
  const after = weights.reduce((sum, weight) => sum + integerBytes(node, weight, setting.options), 0)
  const why = whyFloat(editor, node, { ...setting, weights }) ?? tooSmall(node, before, after)
  const sizeAfterBytes = why === undefined ? after : before
  return {
    node,
    name: nameOf(node),
    opType: node.opType,
    weights,
    sizeBeforeBytes: before,
    sizeAfterBytes,
    ...(why !== undefined && { why }),
  }
}

const storedBytes = (editor: GraphEditor, value: Value) => editor.constant(value)?.data.sizeBytes ?? 0

function integerBytes(node: Node, { tensor, isTurned }: LayerWeight, { granularity }: Options): number {
  const count = elementCount(tensor.shape)
  const perScale = node.opType === 'LSTM' ? 5 : 4 // with zero points
  return count + perScale * (granularity === 'per-channel' ? channelsOf(node, tensor.shape, isTurned) : 1)
}

/** Scales of a weight along its outputs. */
export function channelsOf(node: Node, shape: readonly number[], isTurned: boolean): number {
  if (node.opType === 'LSTM') return (shape[0] ?? 1) * (shape[1] ?? 1)
  if (node.opType === 'Conv') return shape[0] ?? 1
  return shape.length === 2 ? (shape[isTurned ? 0 : 1] ?? 1) : 1
}

/** Bytes of the added nodes in the file, beside their names, about. */
const NODE_BYTES: Readonly<Record<string, number>> = { MatMul: 300, Gemm: 350, Conv: 350, LSTM: 200 }

function tooSmall(node: Node, before: number, after: number): string | undefined {
  const added = (NODE_BYTES[node.opType] ?? 0) + 8 * nameOf(node).length
  return after + added >= before ? 'scales and nodes would take more than is gained' : undefined
}

function whyFloat(
  editor: GraphEditor,
  node: Node,
  { options, kind, isFloat32, weights }: Setting & { readonly weights: readonly LayerWeight[] },
): string | undefined {
  const { opType } = node
  if (kind === 'float') return 'a rule keeps it in float'
  if (opType === 'GRU' || opType === 'RNN' || opType === 'ConvTranspose') return `${opType} has no integer form`
  if (opType === 'Conv' && !options.conv && kind !== '8') return 'convolutions are left out: ConvInteger is slower'
  if (opType === 'LSTM' && !options.lstm && kind !== '8') return 'LSTM is left out'
  if (editor.bodyOf(node).kind !== 'graph') return 'it is part of a function'
  const [x, main] = [editor.input(node, 0), weights.find(({ input }) => input === 1)]
  if (!main || (opType === 'LSTM' && weights.length !== 2)) {
    return weights.length > 0 ? 'its weight is not its second input' : 'its weight is computed in the graph'
  }
  if (!x || !isFloat32(x)) return 'it does not compute with float32'
  if (main.tensor.shape.length < 2) return 'its weight is a vector'
  if (weights.some(({ tensor }) => elementCount(tensor.shape) === 0)) return 'its weight is empty'
  if (opType === 'LSTM' && intAttribute(node, 'layout')) return 'layout 1 has no integer form'
  return undefined
}

function weightsOf(editor: GraphEditor, node: Node): LayerWeight[] {
  const places = node.opType === 'LSTM' || node.opType === 'GRU' || node.opType === 'RNN' ? [1, 2] : [0, 1]
  return places.flatMap((input) => weightAt(editor, node, input) ?? [])
}

/** A constant behind Casts, and behind one Transpose of two axes where the layer is a product of matrices. */
function weightAt(editor: GraphEditor, node: Node, input: number): LayerWeight | undefined {
  const constant = constantThrough(editor, editor.input(node, input))
  if (!constant || !/^float(16|32)$/.test(constant.tensor.dtype)) return undefined
  const rank = constant.tensor.shape.length
  const turns = constant.path.filter(({ opType }) => opType === 'Transpose')
  const isMatrix = rank === 2 && (node.opType === 'MatMul' || node.opType === 'Gemm')
  if (turns.length > 0 && !(isMatrix && turns.every((turn) => isTurn(turn)))) return undefined
  const path = constant.path.filter((one) => !turns.includes(one))
  const tensor = widenedConstant({ ...constant, path })
  if (tensor?.dtype !== 'float32') return undefined
  const isTransposed = node.opType === 'Gemm' && intAttribute(node, input === 1 ? 'transB' : 'transA') === 1
  return { value: constant.value, tensor, input, isTurned: (turns.length % 2 === 1) !== isTransposed }
}

const isTurn = (node: Node): boolean => (intsAttribute(node, 'perm') ?? [1, 0])[0] === 1

/** A tensor is stored once: where something reads it as float, all its layers do. */
function keepShared(editor: GraphEditor, plans: readonly LayerPlan[]): void {
  for (let changed = true; changed;) {
    changed = false
    const integer = new Set(plans.filter(({ why }) => why === undefined).map(({ node }) => node))
    for (const plan of plans) {
      const other = plan.weights
        .flatMap(({ value }) => [...readersOf(editor, value)])
        .find((reader) => reader === 'output' || !integer.has(reader))
      if (plan.why !== undefined || other === undefined) continue
      plan.why = `its weight is also read by ${other === 'output' ? 'an output of the graph' : nameOf(other)}, in float`
      Object.assign(plan, { sizeAfterBytes: plan.sizeBeforeBytes })
      changed = true
    }
  }
}

const RESTORING = new Set(['Cast', 'Transpose', 'Identity'])

/** The nodes that read a value, also behind Casts and Transposes. */
function* readersOf(editor: GraphEditor, value: Value): Generator<Node | 'output'> {
  for (const use of value.uses) {
    const handed = use.kind === 'input' && RESTORING.has(use.node.opType) ? editor.output(use.node, 0) : undefined
    if (use.kind === 'output') yield 'output'
    else if (handed) yield* readersOf(editor, handed)
    else yield use.node
  }
}
