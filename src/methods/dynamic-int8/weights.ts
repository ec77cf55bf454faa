import { elementCount } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import type { IntegerType } from '../../engine/quantize/integers'
import { chooseParameters, type Parameters } from '../../engine/quantize/parameters'
import { measureSqnrDb, quantizedData, rangeOf } from '../../engine/quantize/tensors'
import { layoutOf } from '../../backends/segments'
import type { Value } from '../../graph/edit'
import type { LazyTensor, Node } from '../../graph/model'
import type { MethodContext, TensorChange } from '../method'
import type { LayerPlan, LayerWeight, Options } from './plan'

/** A weight as integers. Layers that share a weight share these. */
export interface IntegerWeight {
  readonly source: LayerWeight
  readonly parameters: Parameters
  /** In the shape that is stored. */
  readonly integers: LazyTensor
  readonly sqnrDb: number | null
}

export type IntegerWeights = ReadonlyMap<Value, IntegerWeight>

/** Reads each weight twice: range, error. @throws UnsupportedError for NaN and infinities; AbortError */
export async function quantizeWeights(
  context: MethodContext,
  plans: readonly LayerPlan[],
  options: Options,
): Promise<IntegerWeights> {
  const { backend, signal } = context
  const type: IntegerType = { bits: 8, isSigned: true, scheme: 'symmetric', isReduced: options.reduceRange }
  const total = plans.reduce((sum, { sizeBeforeBytes }) => sum + sizeBeforeBytes, 0)
  const made = new Map<Value, IntegerWeight>()
  let done = 0
  for (const { node, weights, sizeBeforeBytes } of plans) {
    for (const source of weights) {
      if (made.has(source.value)) continue
      throwIfAborted(signal)
      const { tensor } = source
      context.progress({ stage: 'quantize', item: tensor.name, done, total, unit: 'bytes' })
      const seen = { ...tensor, shape: scaledShape(node, tensor.shape, options) }
      const layout = layoutOf(seen.shape, scaledAxis(node, source, options))
      const parameters = chooseParameters(type, layout, await rangeOf(backend, seen, layout, signal))
      const sqnrDb = await measureSqnrDb(backend, seen, parameters, signal)
      const integers: LazyTensor = {
        name: `${source.value.name}_q`,
        dtype: 'int8',
        shape: tensor.shape,
        data: quantizedData(backend, seen, parameters),
      }
      made.set(source.value, { source, parameters, integers, sqnrDb })
    }
    done += sizeBeforeBytes
  }
  context.progress({ stage: 'quantize', done: total, total, unit: 'bytes' })
  return made
}

/** The shape whose axis 0 or last has a scale per index: gates of all directions of an LSTM are one axis. */
function scaledShape(node: Node, shape: readonly number[], { granularity }: Options): readonly number[] {
  if (node.opType !== 'LSTM') return shape
  const [directions = 1, gates = 1, size = 1] = shape
  return granularity === 'per-channel' ? [directions * gates, size] : [directions, gates * size]
}

function scaledAxis(node: Node, { tensor, isTurned }: LayerWeight, { granularity }: Options): number | null {
  if (node.opType === 'LSTM') return 0
  if (granularity === 'per-tensor') return null
  if (node.opType === 'Conv') return 0
  return tensor.shape.length === 2 ? (isTurned ? 0 : 1) : null
}

export function changesOf(weights: IntegerWeights, storedBytes: (value: Value) => number): TensorChange[] {
  return [...weights.values()].map(({ source: { value, tensor }, integers, parameters, sqnrDb }) => ({
    name: value.name,
    from: tensor.dtype,
    to: integers.dtype,
    sizeBeforeBytes: storedBytes(value),
    sizeAfterBytes: elementCount(tensor.shape) + 4 * parameters.scale.length,
    sqnrDb,
  }))
}
