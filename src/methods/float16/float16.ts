import { dtypeToOnnx } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import { allowFreeInitializers } from '../../graph/constants'
import { GraphEditor, type Value } from '../../graph/edit'
import { attribute, cloneModel, type LazyTensor, type Model, type Node } from '../../graph/model'
import { unlistWeights } from '../../graph/weights'
import { decisionOf, type Decision, type Method, type MethodContext, type MethodResult } from '../method'
import { computeInHalf } from './compute-in-half'
import { halfTensor, measureRounding, type Rounding } from './measure'
import { meta } from './meta'
import { planTensors, type Options, type Plan } from './plan'

export const method: Method<typeof meta.options> = {
  meta,

  predict(model: Model, options: Options): Decision[] {
    const editor = new GraphEditor(cloneModel(model))
    unlistWeights(editor)
    return planTensors(editor, options).map(decisionOf)
  },

  async run(context: MethodContext, model: Model, options: Options): Promise<MethodResult> {
    const next = cloneModel(model)
    const editor = new GraphEditor(next)
    if ((next.opsets.get('') ?? next.opsets.get('ai.onnx') ?? 0) < 6) {
      context.note({ severity: 'warning', text: 'Stays float32: Cast takes float16 from opset 6 on.' })
      return { model, tensors: [] }
    }
    const unlisted = unlistWeights(editor)
    const edits = next.edits
    const rounded = await measureAll(context, planTensors(editor, options), options)
    let done: readonly Rounded[] | undefined
    if (options.scope === 'graph') {
      done = computeInHalf(context, editor, rounded, options)
      if (!done) return method.run(context, model, { ...options, scope: 'weights' })
    } else done = storeInHalf(context, editor, rounded)
    if (done.length === 0 && next.edits === edits) return { model, tensors: [] }
    if (unlisted) context.note({ severity: 'info', text: unlisted })
    const tensors = done.map(({ plan, rounding }) => ({
      name: plan.stored.tensor.name,
      from: plan.stored.tensor.dtype,
      to: 'float16',
      sizeBeforeBytes: plan.sizeBeforeBytes,
      sizeAfterBytes: plan.sizeAfterBytes,
      sqnrDb: rounding.sqnrDb,
    }))
    return { model: next, tensors }
  },
}

/** A tensor that is to shrink, with what rounding does to it. */
export interface Rounded {
  readonly plan: Plan
  readonly rounding: Rounding
  /** Why it must stay float32 after all. */
  readonly obstacle?: string
}

async function measureAll(context: MethodContext, plans: readonly Plan[], options: Options): Promise<Rounded[]> {
  const todo = plans.filter((plan) => plan.action === 'shrink')
  const total = todo.reduce((sum, plan) => sum + plan.sizeBeforeBytes, 0)
  const rounded: Rounded[] = []
  let done = 0
  let vanished = 0
  for (const plan of todo) {
    throwIfAborted(context.signal)
    const { tensor } = plan.stored
    context.progress({ stage: 'quantize', item: tensor.name, done, total, unit: 'bytes' })
    const rounding = await measureRounding(tensor, context.signal)
    done += plan.sizeBeforeBytes
    const obstacle = obstacleOf(rounding, options)
    if (obstacle) context.note({ severity: 'info', node: tensor.name, text: `Stays float32: ${obstacle}.` })
    else vanished += rounding.vanished
    rounded.push({ plan, rounding, ...(obstacle && { obstacle }) })
  }
  context.progress({ stage: 'quantize', done: total, total, unit: 'bytes' })
  if (vanished > 0) {
    const text = `Values below 3e-8 that become 0 in float16: ${vanished}; the precision of their tensors allows it.`
    context.note({ severity: 'info', text })
  }
  return rounded
}

function obstacleOf({ firstOverflow, overflowValue, sqnrDb }: Rounding, options: Options): string | undefined {
  if (firstOverflow >= 0) {
    return `element ${firstOverflow} is ${overflowValue}, and float16 ends at 65504`
  }
  if (sqnrDb !== null && sqnrDb < options.minSqnrDb) {
    return `in float16 its SQNR would be ${sqnrDb.toFixed(1)} dB, below ${options.minSqnrDb} dB`
  }
  return undefined
}

/** Weights in 16 bits, each behind one Cast for all of its readers; onnxruntime computes that Cast while loading. */
function storeInHalf(context: MethodContext, editor: GraphEditor, rounded: readonly Rounded[]): Rounded[] {
  const done = rounded.filter((item) => !item.obstacle)
  if (done.length > 0 && allowFreeInitializers(editor)) {
    context.note({ severity: 'info', text: 'Raised the IR version from 3 to 4: weights leave the list of inputs.' })
  }
  for (const { plan } of done) {
    const { value, tensor } = plan.stored
    const half = storeBeside(editor, value, halfTensor(tensor, `${tensor.name}_h`))
    const cast = editor.addNode(
      {
        opType: 'Cast',
        name: `${tensor.name}_Cast`,
        inputs: [half],
        outputs: [`${tensor.name}_f`],
        attributes: [attribute.int('to', dtypeToOnnx('float32'))],
      },
      { after: half },
    )
    editor.replaceUses(value, editor.output(cast, 0) as Value)
    if (value.producer) editor.removeNode(value.producer)
    else editor.removeInitializer(value)
  }
  return done
}

function storeBeside(editor: GraphEditor, value: Value, tensor: LazyTensor): Value {
  if (value.body.kind === 'graph') return editor.addInitializer(value.body, tensor)
  const spec = {
    opType: 'Constant',
    inputs: [],
    outputs: [tensor.name],
    attributes: [attribute.tensor('value', tensor)],
  }
  const node: Node = editor.addNode(spec, { before: value.producer as Node })
  return editor.output(node, 0) as Value
}
