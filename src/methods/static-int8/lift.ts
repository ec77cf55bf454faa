import type { GraphEditor } from '../../graph/edit'
import { liftOpset } from '../../graph/opset'
import type { MethodContext } from '../method'

/** QuantizeLinear came with opset 10, its axis with 13. */
const NEEDS = { scalar: 10, axis: 13 } as const

/**
 * Lifts the model to opset 13, for scales per channel; where a node blocks that, to one scale per tensor, or not at all.
 * @returns undefined where the model cannot be quantized; noted
 */
export async function liftFor(context: MethodContext, editor: GraphEditor): Promise<{ hasAxis: boolean } | undefined> {
  const opset = () => editor.model.opsets.get('') ?? editor.model.opsets.get('ai.onnx') ?? 1
  if (opset() >= NEEDS.axis) return { hasAxis: true }
  const { blockedBy, notes, reached } = await liftOpset(editor, NEEDS.axis, { signal: context.signal })
  for (const note of notes) context.note(note)
  const [first] = blockedBy
  if (!first) return { hasAxis: true }
  const why = `node "${first.node}" (${first.opType}) cannot be lifted to ${first.opset}, because ${first.why}`
  if (reached < NEEDS.scalar) {
    context.note({ severity: 'warning', text: `Stays float: QuantizeLinear needs opset ${NEEDS.scalar}, and ${why}.` })
    return undefined
  }
  context.note({
    severity: 'warning',
    text: `Weights get one scale each: scales per channel need opset ${NEEDS.axis}, and ${why}.`,
  })
  return { hasAxis: false }
}
