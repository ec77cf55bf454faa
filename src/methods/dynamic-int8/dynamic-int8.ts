import { allowFreeInitializers } from '../../graph/constants'
import { GraphEditor } from '../../graph/edit'
import { describeModel } from '../../graph/facts'
import { cloneModel, type Model } from '../../graph/model'
import { liftOpset } from '../../graph/opset'
import { storedTensors, unlistWeights } from '../../graph/weights'
import type { Decision, Layer, Method, MethodContext, MethodResult } from '../method'
import { meta } from './meta'
import { planLayers, type LayerPlan, type Options } from './plan'
import { Rewriter } from './rewrite'
import { changesOf, quantizeWeights } from './weights'

/** DynamicQuantizeLinear came with opset 11. */
const NEEDS = 11

export const method: Method<typeof meta.options> = {
  meta,

  predict(model: Model, options: Options): Decision[] {
    const editor = new GraphEditor(cloneModel(model))
    unlistWeights(editor)
    return decisions(editor, plansOf(editor, options))
  },

  async run(context: MethodContext, model: Model, options: Options): Promise<MethodResult> {
    const next = cloneModel(model)
    const editor = new GraphEditor(next)
    const unlisted = unlistWeights(editor)
    const plans = plansOf(editor, options)
    const todo = plans.filter(({ why }) => why === undefined)
    noteFloat(context, plans)
    if (todo.length === 0 || !(await lift(context, editor))) return { model, tensors: [], layers: plans.map(asFloat) }
    if (unlisted) context.note({ severity: 'info', text: unlisted })
    if (allowFreeInitializers(editor)) {
      context.note({ severity: 'info', text: 'Raised the IR version from 3 to 4: weights leave the list of inputs.' })
    }
    const weights = await quantizeWeights(context, todo, options)
    const tensors = changesOf(weights, (value) => editor.constant(value)?.data.sizeBytes ?? 0)
    const rewriter = new Rewriter(editor, weights)
    for (const plan of todo) await rewriter.rewrite(plan)
    noteForms(context, todo)
    return { model: next, tensors, layers: plans.map(asLayer) }
  },
}

function plansOf(editor: GraphEditor, options: Options): LayerPlan[] {
  const plans = planLayers(editor, options)
  if (!describeModel(editor.model).isQuantized) return plans
  return plans.map((plan) => ({ ...plan, why: 'the model is already quantized', sizeAfterBytes: plan.sizeBeforeBytes }))
}

/** @returns false, and the model is as it was, where a node blocks opset 11; noted */
async function lift(context: MethodContext, editor: GraphEditor): Promise<boolean> {
  const opset = editor.model.opsets.get('') ?? editor.model.opsets.get('ai.onnx') ?? 1
  if (opset >= NEEDS) return true
  const checkpoint = editor.checkpoint()
  const { blockedBy, notes } = await liftOpset(editor, NEEDS, { signal: context.signal })
  const [first] = blockedBy
  if (!first) {
    for (const note of notes) context.note(note)
    return true
  }
  editor.undo(checkpoint)
  const why = `node "${first.node}" (${first.opType}) cannot be lifted to ${first.opset}, because ${first.why}`
  const text = `Stays float: DynamicQuantizeLinear needs opset ${NEEDS}, and ${why}.`
  context.note({ severity: 'warning', text })
  return false
}

/** One note for the layers with weights that stay float: which, and why. */
function noteFloat(context: MethodContext, plans: readonly LayerPlan[]): void {
  const reasons = new Map<string, LayerPlan[]>()
  for (const plan of plans) {
    // a product of two computed matrices has no weight to speak of
    if (plan.why === undefined || (plan.weights.length === 0 && plan.opType === 'MatMul')) continue
    reasons.set(plan.why, [...(reasons.get(plan.why) ?? []), plan])
  }
  for (const [why, layers] of reasons) {
    const [first] = layers as [LayerPlan]
    const which = layers.length === 1 ? `"${first.name}"` : `${layers.length} layers (such as "${first.name}")`
    const text = `${which} ${layers.length === 1 ? 'stays' : 'stay'} float: ${why}.`
    context.note({ severity: 'info', text })
  }
}

function noteForms(context: MethodContext, todo: readonly LayerPlan[]): void {
  if (todo.some(({ opType }) => opType === 'Conv')) {
    const text = 'ConvInteger is slower than the float Conv on most processors: compare the times.'
    context.note({ severity: 'warning', text })
  }
  if (todo.some(({ opType }) => opType === 'LSTM')) {
    const text = 'DynamicQuantizeLSTM is an operator of ONNX Runtime: other runtimes cannot load the model.'
    context.note({ severity: 'info', text })
  }
}

function asLayer({ name, opType, why, sizeBeforeBytes, sizeAfterBytes }: LayerPlan): Layer {
  const to = why === undefined ? 'int8' : 'float'
  return { name, opType, to, sizeBeforeBytes, sizeAfterBytes, ...(why !== undefined && { why }) }
}

const asFloat = (plan: LayerPlan): Layer =>
  asLayer({ ...plan, why: plan.why ?? 'the opset could not be raised', sizeAfterBytes: plan.sizeBeforeBytes })

function decisions(editor: GraphEditor, plans: readonly LayerPlan[]): Decision[] {
  return [...storedTensors(editor)].map(({ value, tensor, otherReaders }) => {
    const readers = plans.filter(({ weights }) => weights.some((weight) => weight.value === value))
    const [first] = readers
    const weight = first?.weights.find((one) => one.value === value)
    const isInteger = first !== undefined && first.why === undefined
    const before = tensor.data.sizeBytes
    const share = first && first.sizeBeforeBytes > 0 ? before / first.sizeBeforeBytes : 0
    const after = isInteger && weight ? Math.round(first.sizeAfterBytes * share) : before
    const why = first
      ? isInteger
        ? `weights of ${readers.length} ${first.opType} node${readers.length > 1 ? 's' : ''}`
        : `kept: ${first.why ?? ''}`
      : `kept: read by ${otherReaders.join(', ') || 'nothing'}, not as a weight`
    return {
      ...{ tensor: tensor.name, dtype: tensor.dtype, shape: tensor.shape, action: isInteger ? 'shrink' : 'keep', why },
      ...{ sizeBeforeBytes: before, sizeAfterBytes: after },
    }
  })
}
