import { layoutOf } from '../../backends/segments'
import { elementCount } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import { fitToBias, quantizeBias, type QuantizedBias } from '../../engine/quantize/bias'
import { chooseParameters, type Parameters } from '../../engine/quantize/parameters'
import { measureSqnrDb, rangeOf } from '../../engine/quantize/tensors'
import { constantThrough, widenedConstant } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import { readFloats } from '../../graph/float-data'
import { floatAttribute, type LazyTensor } from '../../graph/model'
import type { StoredTensor } from '../../graph/weights'
import type { MethodContext } from '../method'
import type { Layers, PlannedLayer } from './layers'
import type { Options } from './options'
import type { ValueParameters } from './ranges'
import { S8, type Target } from './targets/target'

/** A weight with the integers that it becomes. */
export interface QuantizedWeight {
  readonly stored: StoredTensor
  readonly layers: readonly PlannedLayer[]
  readonly axis: number | null
  parameters: Parameters
  sqnrDb: number | null
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
  readonly hasAxis: boolean
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
    const isInteger = readers.some(({ form }) => form === 'integer')
    const axis = axisOf(stored, readers, setting)
    const layout = layoutOf(tensor.shape, axis)
    const range = await rangeOf(context.backend, tensor, layout, context.signal)
    let parameters = chooseParameters(isInteger ? setting.target.weights : S8, layout, range)
    const own = await biasesOf(editor, readers, setting)
    for (const { values, scale } of own) ({ parameters } = fitToBias(parameters, values, scale))
    const isEmpty = elementCount(tensor.shape) === 0
    const sqnrDb = isEmpty ? null : await measureSqnrDb(context.backend, tensor, parameters, context.signal)
    for (const { layer, value, tensor: bias, values, scale } of own) {
      biases.push({ layer, value, tensor: bias, quantized: quantizeBias(values, scale, parameters.scale, bias.name) })
    }
    weights.push({ stored, layers: readers, axis, parameters, sqnrDb })
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

/** The axis that every reader wants scales along, where all may have them. */
function axisOf(
  stored: StoredTensor,
  readers: readonly PlannedLayer[],
  { options, hasAxis }: WeightSetting,
): number | null {
  if (options.granularity === 'per-tensor' || !hasAxis) return null
  const axes = new Set(
    readers.flatMap(({ weights }) => weights.filter((w) => w.stored === stored).map(({ axis }) => axis)),
  )
  const [axis] = axes
  const mayHave = readers.every(({ form, rule }) => form === 'weights' || rule?.isPerChannel)
  if (axes.size !== 1 || axis === undefined || axis === null || !mayHave) return null
  return (stored.tensor.shape[axis] ?? 1) > 1 ? axis : null
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
