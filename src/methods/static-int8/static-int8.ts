import { elementCount, storageBytes } from '../../core/dtypes'
import { allowFreeInitializers } from '../../graph/constants'
import { GraphEditor } from '../../graph/edit'
import { describeModel } from '../../graph/facts'
import { cloneModel, type LazyTensor, type Model } from '../../graph/model'
import { storedTensors, unlistWeights } from '../../graph/weights'
import type { Decision, Method, MethodContext, MethodResult } from '../method'
import { Inserter } from './insert'
import { planLayers } from './layers'
import { liftFor } from './lift'
import { meta } from './meta'
import type { Options } from './options'
import { place } from './placement'
import { chooseRanges } from './ranges'
import { reportOf } from './result'
import { TARGETS } from './targets'
import { quantizeWeights } from './weights'

export const method: Method<typeof meta.options> = {
  meta,

  predict(model: Model, options: Options): Decision[] {
    const editor = new GraphEditor(cloneModel(model))
    unlistWeights(editor)
    const { isQuantized } = describeModel(model)
    const layers = planLayers(editor, TARGETS[options.target], options.layers)
    const readers = new Map(layers.all.flatMap((layer) => layer.weights.map(({ stored }) => [stored.tensor, layer])))
    return [...storedTensors(editor)].map(({ tensor }) =>
      predictTensor(tensor, isQuantized ? undefined : readers.get(tensor)),
    )
  },

  async run(context: MethodContext, model: Model, options: Options): Promise<MethodResult> {
    const { isQuantized, quantizedOperators } = describeModel(model)
    if (isQuantized) {
      const text = `The model is already quantized (${quantizedOperators.join(', ')}) and is left as it is.`
      context.note({ severity: 'warning', text })
      return { model, tensors: [] }
    }
    const target = TARGETS[options.target]
    const next = cloneModel(model)
    const editor = new GraphEditor(next)
    const unlisted = unlistWeights(editor)
    const lifted = await liftFor(context, editor)
    if (!lifted) return { model, tensors: [] }
    if (unlisted) context.note({ severity: 'info', text: unlisted })
    if (allowFreeInitializers(editor)) {
      context.note({ severity: 'info', text: 'Raised the IR version from 3 to 4: weights leave the list of inputs.' })
    }
    const layers = planLayers(editor, target, options.layers)
    const placement = place(editor, target, layers)
    const { values, stored } = target.activations
      ? await chooseRanges(context, editor, placement, target.activations, options)
      : { values: new Map<never, never>() }
    const quantized = await quantizeWeights(context, editor, layers, { target, options, values, ...lifted })
    if (values.size === 0 && quantized.weights.length === 0) return { model, tensors: [] }
    const report = reportOf(layers, placement, values, quantized)
    const inserter = new Inserter(editor, context.backend)
    for (const planned of values.values()) inserter.pair(placement, planned)
    for (const weight of quantized.weights) inserter.weight(weight)
    for (const bias of quantized.biases) inserter.bias(bias)
    for (const note of report.notes) context.note(note)
    const { tensors, values: quantizedValues, layers: layerTable } = report
    return { model: next, tensors, values: quantizedValues, layers: layerTable, ...(stored && { ranges: stored }) }
  },
}

function predictTensor(tensor: LazyTensor, layer: ReturnType<typeof planLayers>['all'][number] | undefined): Decision {
  const { name, dtype, shape } = tensor
  const before = storageBytes(dtype, elementCount(shape)) ?? tensor.data.sizeBytes
  const shrinks = layer !== undefined && layer.form !== 'float'
  const after = shrinks ? elementCount(shape) : before
  const why = shrinks ? `weights of ${layer.name}` : `kept: ${layer?.why ?? 'no layer reads it as its weight'}`
  const action = shrinks ? 'shrink' : 'keep'
  return { tensor: name, dtype, shape, action, sizeBeforeBytes: before, sizeAfterBytes: after, why }
}
