import { elementCount, storageBytes } from '../../core/dtypes'
import { assert, UsageError } from '../../core/errors'
import { allowFreeInitializers } from '../../graph/constants'
import { GraphEditor, type Value } from '../../graph/edit'
import { describeModel } from '../../graph/facts'
import { cloneModel, type LazyTensor, type Model } from '../../graph/model'
import { storedTensors, unlistWeights } from '../../graph/weights'
import type { Decision, Method, MethodContext, MethodResult } from '../method'
import { calibrationCache, placeEverywhere } from './cache'
import { foldBiases } from './fold-bias'
import { Inserter } from './insert'
import { keepValuesInFloat, planLayers, type Layers, type PlannedLayer } from './layers'
import { liftFor } from './lift'
import { meta } from './meta'
import type { Options } from './options'
import { zeroPads } from './operators'
import { place, type Placement } from './placement'
import { toQOperators } from './qoperator/qoperator'
import { chooseRanges, type ValueParameters } from './ranges'
import { reportOf } from './result'
import { TARGETS } from './targets'
import { S8 } from './targets/target'
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
    checkFormat(options)
    const { isQuantized, quantizedOperators } = describeModel(model)
    if (isQuantized) {
      const text = `The model is already quantized (${quantizedOperators.join(', ')}) and is left as it is.`
      context.note({ severity: 'warning', text })
      return { model, tensors: [] }
    }
    const next = cloneModel(model)
    const editor = new GraphEditor(next)
    if (options.format === 'cache') return cacheOf(context, model, editor, options)
    const prepared = await prepare(context, editor, options)
    if (!prepared) return { model, tensors: [] }
    const { target, layers, lifted } = prepared
    const { placement, values, stored } = await placeWithRanges(context, editor, layers, options)
    const quantized = await quantizeWeights(context, editor, layers, { target, options, values, ...lifted })
    const { notes, ...report } = reportOf(layers, placement, values, quantized)
    if (values.size === 0 && quantized.weights.length === 0) {
      context.note({ severity: 'warning', text: 'No layer of the model can be made of integers; it is left as it is.' })
      return { model, tensors: [], layers: report.layers }
    }
    const inserter = new Inserter(editor, context.backend, lifted.hasWide)
    for (const planned of values.values()) inserter.pair(placement, planned)
    for (const weight of quantized.weights) inserter.weight(weight)
    for (const bias of quantized.biases) inserter.bias(bias)
    if (options.format === 'qoperator') notes.push(...(await toQOperators(editor)))
    for (const note of notes) context.note(note)
    return { model: next, ...report, ...(stored && { ranges: stored }) }
  },
}

/** @throws UsageError for a form that the target does not read */
function checkFormat({ format, target }: Options): void {
  if (format === 'cache' && target !== 'tensorrt') {
    throw new UsageError(
      `format=cache is for target=tensorrt, not for ${target}: other runtimes read no calibration cache. Take format=qdq.`,
    )
  }
  if (format === 'qoperator' && target === 'tensorrt') {
    throw new UsageError('TensorRT does not read integer operators. Take format=qdq, or format=cache.')
  }
}

/** The model as it is, with a range for every inner value beside it. */
async function cacheOf(
  context: MethodContext,
  model: Model,
  editor: GraphEditor,
  options: Options,
): Promise<MethodResult> {
  const layers = planLayers(editor, TARGETS.tensorrt, '')
  const placement = placeEverywhere(editor, layers)
  const { values, unknown, stored } = await chooseRanges(context, editor, placement, S8, options)
  for (const { name } of unknown) {
    context.note({
      severity: 'warning',
      node: name,
      text: 'Has no range: it is NaN or infinite in the calibration data.',
    })
  }
  const report = reportOf(layers, placement, values, { weights: [], biases: [] })
  const extras = [calibrationCache(values.values())]
  return { model, tensors: [], values: report.values, extras, ...(stored && { ranges: stored }) }
}

/** Brings the model into a form that integers fit in, and decides what becomes of its layers. */
async function prepare(context: MethodContext, editor: GraphEditor, options: Options) {
  const target = TARGETS[options.target]
  const unlisted = unlistWeights(editor)
  const lifted = await liftFor(context, editor, planLayers(editor, target, options.layers))
  if (!lifted) return undefined
  if (unlisted) context.note({ severity: 'info', text: unlisted })
  if (allowFreeInitializers(editor)) {
    context.note({ severity: 'info', text: 'Raised the IR version from 3 to 4: weights leave the list of inputs.' })
  }
  const folded = foldBiases(editor)
  if (folded > 0) {
    const text = `Constants that were added behind products are their biases: ${folded}.`
    context.note({ severity: 'info', text })
  }
  const layers = planLayers(editor, target, options.layers)
  return { target, lifted, layers: { ...layers, zeroPads: await zeroPads(editor) } }
}

/** Places pairs and chooses their ranges; layers whose values have none keep these in float. */
async function placeWithRanges(context: MethodContext, editor: GraphEditor, layers: Layers, options: Options) {
  const target = TARGETS[options.target]
  for (;;) {
    const placement = place(editor, target, layers)
    if (!target.activations) return { placement, values: new Map<Value, ValueParameters>(), stored: undefined }
    const chosen = await chooseRanges(context, editor, placement, target.activations, options)
    if (chosen.unknown.length === 0) return { placement, values: chosen.values, stored: chosen.stored }
    let kept = 0
    for (const value of chosen.unknown) {
      const around = layersAround(layers, placement, value)
      keepValuesInFloat(around, `"${value.name}" is NaN or infinite in the calibration data`)
      kept += around.length
    }
    assert(kept > 0, 'values without a range belong to no layer')
  }
}

/** The layers that make and read a value. */
function layersAround(layers: Layers, { makers, absorbed }: Placement, value: Value): PlannedLayer[] {
  const readers = [...value.uses].flatMap((use) => (use.kind === 'input' ? [absorbed.get(use.node) ?? use.node] : []))
  const maker = makers.get(value)
  return [...readers, ...(maker ? [maker] : [])].flatMap((node) => {
    const layer = layers.of.get(node)
    return layer?.form === 'integer' ? [layer] : []
  })
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
