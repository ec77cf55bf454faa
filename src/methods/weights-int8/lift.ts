import type { GraphEditor } from '../../graph/edit'
import { liftOpset } from '../../graph/opset'
import type { MethodContext } from '../method'
import type { Form } from './insert'
import { opsetOf, type Options, type Plan } from './plan'

/** DequantizeLinear came with opset 10; onnxruntime refuses its `axis` below 13. Mul broadcasts from 7 on. */
const NEEDS = { 'per-tensor': 10, 'per-channel': 13, 'cast-multiply': 7 } as const

/**
 * Chooses how each weight is restored, and lifts the model's opset where the wished form needs it and no operator
 * stands in the way. What the old opset cannot hold is restored by Cast and Mul instead, or stays; each with a note.
 */
export async function chooseForms(
  context: MethodContext,
  editor: GraphEditor,
  items: readonly { plan: Plan }[],
  options: Options,
): Promise<Map<Plan, Form>> {
  const forms = new Map<Plan, Form>()
  if (items.length === 0) return forms
  const wished = options.form as Form
  const needed = Math.max(...items.map(({ plan }) => needOf(wished, plan)))
  const lowest = Math.min(...items.map(({ plan }) => opsetOf(editor, plan.stored.value.body)))
  const blocked = lowest < needed ? await lift(context, editor, needed) : undefined
  const fallback: string[] = []
  for (const { plan } of items) {
    const { value, tensor } = plan.stored
    const opset = opsetOf(editor, value.body)
    if (opset >= needOf(wished, plan)) forms.set(plan, wished)
    else if (opset >= NEEDS['cast-multiply']) {
      forms.set(plan, 'cast-multiply')
      fallback.push(tensor.name)
    } else {
      const text = `Stays ${tensor.dtype}: opset ${opset} can hold neither DequantizeLinear nor a broadcasting Mul.`
      context.note({ severity: 'warning', node: tensor.name, text })
    }
  }
  if (fallback.length > 0) {
    const which = `${fallback.length} weight${fallback.length === 1 ? '' : 's'} (such as "${fallback[0]}")`
    const why = blocked ?? 'the opset could not be raised'
    context.note({
      severity: 'warning',
      text: `${which} ${fallback.length === 1 ? 'is' : 'are'} restored by Cast and Mul instead of DequantizeLinear, which needs opset ${needed}: ${why}.`,
    })
  }
  return forms
}

/** @returns why the opset could not be reached; the model is then as it was */
async function lift(context: MethodContext, editor: GraphEditor, opset: number): Promise<string | undefined> {
  const checkpoint = editor.checkpoint()
  const { blockedBy, notes } = await liftOpset(editor, opset, { signal: context.signal })
  const [first] = blockedBy
  if (!first) {
    for (const note of notes) context.note(note)
    return undefined
  }
  editor.undo(checkpoint)
  return `node "${first.node}" (${first.opType}) cannot be lifted to ${first.opset}, because ${first.why}`
}

function needOf(form: Form, plan: Plan): number {
  if (form === 'cast-multiply') return NEEDS['cast-multiply']
  return plan.axis === null ? NEEDS['per-tensor'] : NEEDS['per-channel']
}
