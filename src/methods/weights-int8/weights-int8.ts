import { elementCount } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import { allowFreeInitializers } from '../../graph/constants'
import { GraphEditor } from '../../graph/edit'
import { cloneModel, type Model } from '../../graph/model'
import { unlistWeights } from '../../graph/weights'
import { decisionOf, type Decision, type Method, type MethodContext, type MethodResult } from '../method'
import { insertQuantized } from './insert'
import { chooseForms } from './lift'
import { meta } from './meta'
import { planTensors, type Options, type Plan } from './plan'
import type { IntegerType } from '../../engine/quantize/integers'
import { chooseParameters, type Parameters } from '../../engine/quantize/parameters'
import { measureSqnrDb, rangeOf } from '../../engine/quantize/tensors'
import { layoutOf } from '../../backends/segments'

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
    const unlisted = unlistWeights(editor)
    const plans = planTensors(editor, options)
    noteKept(context, plans)
    const measured = await measureAll(context, plans, options)
    const forms = await chooseForms(context, editor, measured, options)
    if (forms.size === 0) return { model, tensors: [] }
    if (unlisted) context.note({ severity: 'info', text: unlisted })
    if (allowFreeInitializers(editor)) {
      context.note({ severity: 'info', text: 'Raised the IR version from 3 to 4: weights leave the list of inputs.' })
    }
    const done = measured.filter((item) => {
      const form = forms.get(item.plan)
      if (form) insertQuantized(editor, context.backend, item.plan, item.parameters, form)
      return form !== undefined
    })
    const tensors = done.map(({ plan, parameters, sqnrDb }) => ({
      name: plan.stored.tensor.name,
      from: plan.stored.tensor.dtype,
      to: parameters.dtype,
      sizeBeforeBytes: plan.sizeBeforeBytes,
      sizeAfterBytes: plan.sizeAfterBytes,
      sqnrDb,
    }))
    return { model: next, tensors }
  },
}

const typeOf = ({ scheme }: Options): IntegerType => ({ bits: 8, isSigned: scheme === 'symmetric', scheme })

/** A tensor that is worth quantizing, with its parameters. */
export interface Measured {
  readonly plan: Plan
  readonly parameters: Parameters
  readonly sqnrDb: number | null
}

/** Reads each weight twice (range, error) and keeps those that stay precise enough. */
async function measureAll(context: MethodContext, plans: readonly Plan[], options: Options): Promise<Measured[]> {
  const { backend, signal } = context
  const todo = plans.filter((plan) => plan.action === 'shrink')
  const total = todo.reduce((sum, plan) => sum + plan.sizeBeforeBytes, 0)
  const measured: Measured[] = []
  let done = 0
  for (const plan of todo) {
    throwIfAborted(signal)
    const { tensor } = plan.stored
    context.progress({ stage: 'quantize', item: tensor.name, done, total, unit: 'bytes' })
    const layout = layoutOf(tensor.shape, plan.axis)
    const parameters = chooseParameters(typeOf(options), layout, await rangeOf(backend, tensor, layout, signal))
    const sqnrDb = elementCount(tensor.shape) > 0 ? await measureSqnrDb(backend, tensor, parameters, signal) : null
    done += plan.sizeBeforeBytes
    if (sqnrDb !== null && sqnrDb < options.minSqnrDb) {
      const text = `Stays ${tensor.dtype}: in 8 bits its SQNR would be ${sqnrDb.toFixed(1)} dB, below ${options.minSqnrDb} dB.`
      context.note({ severity: 'warning', node: tensor.name, text })
    } else measured.push({ plan, parameters, sqnrDb })
  }
  context.progress({ stage: 'quantize', done: total, total, unit: 'bytes' })
  return measured
}

/** One note for the large tensors that stay: which, and why. */
function noteKept(context: MethodContext, plans: readonly Plan[]): void {
  const reasons = new Map<string, { count: number; bytes: number; example: string }>()
  for (const plan of plans) {
    const { dtype, name } = plan.stored.tensor
    if (plan.action === 'shrink' || plan.sizeBeforeBytes < LARGE_BYTES || !dtype.includes('float')) continue
    const entry = reasons.get(plan.why) ?? { count: 0, bytes: 0, example: name }
    reasons.set(plan.why, { ...entry, count: entry.count + 1, bytes: entry.bytes + plan.sizeBeforeBytes })
  }
  for (const [why, { count, bytes, example }] of reasons) {
    const which = count === 1 ? `"${example}"` : `${count} tensors (such as "${example}")`
    context.note({ severity: 'info', text: `${which} of ${bytes} bytes ${count === 1 ? 'is' : 'are'} ${why}.` })
  }
}

const LARGE_BYTES = 16384
