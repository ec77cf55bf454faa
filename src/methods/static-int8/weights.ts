import { elementCount } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import { fitToBias, quantizeBias, type QuantizedBias } from '../../engine/quantize/bias'
import { scaleLayoutOf, type Granularity } from '../../engine/quantize/granularity'
import { chooseParameters, type Parameters } from '../../engine/quantize/parameters'
import type { IntegerType } from '../../engine/quantize/integers'
import { measureSqnrDb, rangeOf } from '../../engine/quantize/tensors'
import { constantThrough, widenedConstant } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import { readFloats } from '../../graph/float-data'
import { floatAttribute, intAttribute, type LazyTensor, type Node } from '../../graph/model'
import type { StoredTensor } from '../../graph/weights'
import type { MethodContext } from '../method'
import type { Layers, PlannedLayer } from './layers'
import { anchorsOf, RECURRENT } from './operators'
import type { Options } from './options'
import type { ValueParameters } from './ranges'
import { S4, S8, type Target } from './targets/target'

/** A weight with the integers that it becomes. */
export interface QuantizedWeight {
  readonly stored: StoredTensor
  readonly layers: readonly PlannedLayer[]
  readonly granularity: Granularity
  readonly parameters: Parameters
  /** Whether its zero points are stored, though all are 0. */
  readonly hasZeroPoint: boolean
  readonly sqnrDb: number | null
}

/** The bias of one layer; a tensor that several layers read becomes as many. */
export interface LayerBias {
  readonly layer: PlannedLayer
  readonly value: Value
  readonly tensor: LazyTensor
  readonly quantized: QuantizedBias
}

export interface QuantizedWeights {
  readonly weights: readonly QuantizedWeight[]
  readonly biases: readonly LayerBias[]
}

export interface WeightSetting {
  readonly target: Target
  readonly options: Options
  /** Whether the opset has scales along an axis. */
  readonly hasAxis: boolean
  /** Whether it has integers of 4 bits. */
  readonly hasWide: boolean
  /** How the values are quantized that products read. */
  readonly values: ReadonlyMap<Value, ValueParameters>
}

/** Reads every weight twice (range, error), and the biases of integer products; nothing in the graph changes. */
export async function quantizeWeights(
  context: MethodContext,
  editor: GraphEditor,
  layers: Layers,
  setting: WeightSetting,
): Promise<QuantizedWeights> {
  const plans = planWeights(layers)
  const total = plans.reduce((sum, { stored }) => sum + stored.tensor.data.sizeBytes, 0)
  const weights: QuantizedWeight[] = []
  const biases: LayerBias[] = []
  let done = 0
  for (const { stored, readers } of plans) {
    throwIfAborted(context.signal)
    const { tensor } = stored
    context.progress({ stage: 'quantize', item: tensor.name, done, total, unit: 'bytes' })
    const type = typeOf(readers, setting)
    const granularity = granularityOf(editor, stored, readers, { ...setting, bits: type.bits })
    const layout = scaleLayoutOf(tensor.shape, granularity)
    const range = await rangeOf(context.backend, tensor, layout, context.signal)
    let parameters = chooseParameters(type, layout, range)
    const own = await biasesOf(editor, readers, setting)
    for (const { values, scale } of own) ({ parameters } = fitToBias(parameters, values, scale))
    const isEmpty = elementCount(tensor.shape) === 0
    const sqnrDb = isEmpty ? null : await measureSqnrDb(context.backend, tensor, parameters, context.signal)
    for (const { layer, value, tensor: bias, values, scale } of own) {
      biases.push({ layer, value, tensor: bias, quantized: quantizeBias(values, scale, parameters.scale, bias.name) })
    }
    const hasZeroPoint = readers.some(({ form, rule }) => form === 'integer' && rule?.needsZeroPoint)
    weights.push({ stored, layers: readers, granularity, parameters, hasZeroPoint, sqnrDb })
    done += tensor.data.sizeBytes
  }
  context.progress({ stage: 'quantize', done: total, total, unit: 'bytes' })
  return { weights, biases }
}

function planWeights(layers: Layers): { stored: StoredTensor; readers: PlannedLayer[] }[] {
  const plans = new Map<StoredTensor, PlannedLayer[]>()
  for (const layer of layers.all) {
    if (layer.form === 'float') continue
    for (const { stored } of layer.weights) plans.set(stored, [...(plans.get(stored) ?? []), layer])
  }
  return [...plans].map(([stored, readers]) => ({ stored, readers }))
}

/** Integers compute with the target's weights; where all readers only store theirs, in as few bits as all of them take. */
function typeOf(readers: readonly PlannedLayer[], { target, hasWide }: WeightSetting): IntegerType {
  if (readers.some(({ form }) => form === 'integer')) return target.weights
  return hasWide && readers.every(({ bits }) => bits === 4) ? S4 : S8
}

/** Neighbours along the axis that is summed over, as ONNX Runtime's MatMulNBits has them. */
const GROUP = 32

function granularityOf(
  editor: GraphEditor,
  stored: StoredTensor,
  readers: readonly PlannedLayer[],
  { options, hasAxis, bits }: WeightSetting & { readonly bits: number },
): Granularity {
  if (options.granularity === 'per-tensor' || !hasAxis) return { kind: 'tensor' }
  const { shape } = stored.tensor
  if (bits === 4) {
    const summed = new Set(readers.map(({ node }) => summedAxis(editor, stored, node)))
    const [axis] = summed
    if (summed.size === 1 && axis !== undefined && (shape[axis] ?? 0) >= GROUP)
      return { kind: 'group', axis, size: GROUP }
  }
  const axes = new Set(
    readers.flatMap(({ weights }) => weights.filter((w) => w.stored === stored).map(({ axis }) => axis)),
  )
  const [axis] = axes
  const mayHave = readers.every(({ form, rule }) => form === 'weights' || rule?.isPerChannel)
  if (axes.size !== 1 || axis === undefined || axis === null || !mayHave) return { kind: 'tensor' }
  return (shape[axis] ?? 1) > 1 ? { kind: 'channel', axis } : { kind: 'tensor' }
}

/** The axis of a weight that a node sums over, where the node reads it as it is stored. */
function summedAxis(editor: GraphEditor, stored: StoredTensor, node: Node): number | undefined {
  const reads = (index: number) => anchorsOf(editor, stored.value).some((value) => value === editor.input(node, index))
  const { shape } = stored.tensor
  if (RECURRENT.has(node.opType)) return 2
  if (!reads(1)) return undefined
  if (node.opType === 'Conv') return 1
  if (node.opType === 'ConvTranspose') return 0
  if (node.opType === 'Gemm') return intAttribute(node, 'transB') ? 1 : 0
  return shape.length === 2 ? 0 : undefined
}

/** Biases of integer products as floats, with the scale of the activation that each stands beside. */
async function biasesOf(editor: GraphEditor, readers: readonly PlannedLayer[], { target, values }: WeightSetting) {
  const found: { layer: PlannedLayer; value: Value; tensor: LazyTensor; values: Float32Array; scale: number }[] = []
  if (target.bias === 'float') return found
  for (const layer of readers) {
    const { node } = layer
    const value = editor.input(node, 2)
    const constant = constantThrough(editor, value)
    const tensor = constant && widenedConstant(constant)
    const input = values.get(editor.input(node, 0) as Value)
    if (layer.form !== 'integer' || node.opType === 'MatMul' || !value || tensor?.dtype !== 'float32' || !input)
      continue
    if (node.opType === 'Gemm' && (floatAttribute(node, 'beta') ?? 1) !== 1) continue
    const count = elementCount(tensor.shape)
    // a bias per row of a Gemm, or one number for all, is no bias per output channel
    if (tensor.shape.at(-1) !== count || count !== outputChannels(layer)) continue
    const scale = input.parameters.scale[0] as number
    found.push({ layer, value, tensor, values: await readFloats(tensor, 0, count), scale })
  }
  return found
}

function outputChannels({ weights }: PlannedLayer): number | undefined {
  const [weight] = weights
  return weight && weight.axis !== null ? weight.stored.tensor.shape[weight.axis] : undefined
}
