import { elementCount, storageBytes } from '../../core/dtypes'
import type { Note } from '../../core/progress'
import type { Value } from '../../graph/edit'
import type { Layer, QuantizedValue, TensorChange } from '../method'
import { nameOf, type Layers, type PlannedLayer } from './layers'
import type { Placement } from './placement'
import type { ValueParameters } from './ranges'
import type { QuantizedWeight, QuantizedWeights } from './weights'

/** What the report says of the result; made before the graph changes. */
export function reportOf(
  layers: Layers,
  placement: Placement,
  values: ReadonlyMap<Value, ValueParameters>,
  { weights, biases }: QuantizedWeights,
): { tensors: TensorChange[]; values: QuantizedValue[]; layers: Layer[]; notes: Note[] } {
  const tensors: TensorChange[] = [
    ...weights.map(weightChange),
    ...biases.map(({ tensor, quantized }) => ({
      ...{ name: tensor.name, from: tensor.dtype, to: 'int32', sqnrDb: null },
      ...{
        sizeBeforeBytes: tensor.data.sizeBytes,
        sizeAfterBytes: 4 * (quantized.values.length + quantized.scale.length),
      },
    })),
  ]
  return {
    tensors,
    values: [...values.values()].filter(({ constant }) => !constant).map((value) => describeValue(value, placement)),
    layers: layers.all.map((layer) => describeLayer(layer, placement, weights)),
    notes: notesOf(layers),
  }
}

/** Two integers of 4 bits share a byte. */
const sizeAfter = ({ stored, parameters }: QuantizedWeight) => {
  const count = elementCount(stored.tensor.shape)
  return (storageBytes(parameters.dtype, count) ?? count) + 4 * parameters.scale.length
}

function weightChange(weight: QuantizedWeight): TensorChange {
  const { tensor } = weight.stored
  return {
    ...{ name: tensor.name, from: tensor.dtype, to: weight.parameters.dtype, sqnrDb: weight.sqnrDb },
    ...{ sizeBeforeBytes: tensor.data.sizeBytes, sizeAfterBytes: sizeAfter(weight) },
  }
}

function describeValue({ value, parameters, range, clipped }: ValueParameters, { makers }: Placement): QuantizedValue {
  const maker = makers.get(value) ?? value.producer
  return {
    ...{ name: value.name, to: parameters.dtype, min: range.min, max: range.max },
    ...{ scale: parameters.scale[0] as number, zeroPoint: parameters.zeroPoint[0] as number },
    ...(clipped !== undefined && { clipped }),
    ...(maker && { layer: nameOf(maker) }),
  }
}

function describeLayer(
  layer: PlannedLayer,
  { integer, absorbed }: Placement,
  weights: readonly QuantizedWeight[],
): Layer {
  const own = weights.filter(({ layers }) => layers.includes(layer))
  const before = layer.weights.reduce((sum, { stored }) => sum + stored.tensor.data.sizeBytes, 0)
  const after = layer.form === 'float' ? before : own.reduce((sum, weight) => sum + sizeAfter(weight), 0)
  const head = absorbed.get(layer.node)
  const isInteger = integer.has(layer.node) || (head !== undefined && integer.has(head))
  const isStored = layer.form === 'weights' && after < before
  const to = isInteger ? `int${layer.bits}` : isStored ? `int${layer.bits} weights` : 'float'
  const why = head
    ? `part of ${nameOf(head)}`
    : (layer.why ?? (isInteger ? undefined : 'no integer layers stand on both of its sides'))
  return {
    ...{ name: layer.name, opType: layer.node.opType, to, sizeBeforeBytes: before, sizeAfterBytes: after },
    ...(why !== undefined && { why }),
  }
}

/** One note per reason for which layers with weights are not integer. */
function notesOf(layers: Layers): Note[] {
  const reasons = new Map<string, PlannedLayer[]>()
  for (const layer of layers.all) {
    if (layer.form === 'integer' || layer.weights.length === 0 || layer.why === undefined) continue
    const key = `${layer.form} ${layer.why}`
    reasons.set(key, [...(reasons.get(key) ?? []), layer])
  }
  return [...reasons.values()].map((group): Note => {
    const first = group[0] as PlannedLayer
    const which = group.length === 1 ? `"${first.name}"` : `${group.length} layers (such as "${first.name}")`
    const why = first.why ?? ''
    const text =
      first.form === 'weights'
        ? `In float with integer weights: ${which}, since ${why}.`
        : `In float: ${which}, since ${why}.`
    return { severity: 'info', text }
  })
}
