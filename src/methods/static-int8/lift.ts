import type { GraphEditor } from '../../graph/edit'
import { liftOpset } from '../../graph/opset'
import type { MethodContext } from '../method'
import type { Layers } from './layers'

/** QuantizeLinear came with opset 10, its axis with 13, integers of 4 and 16 bits and groups with 21. */
const NEEDS = { scalar: 10, axis: 13, wide: 21 } as const

/** What the model's opset can hold. */
export interface Lifted {
  readonly hasAxis: boolean
  readonly hasWide: boolean
}

/**
 * Lifts the model to opset 13, for scales per channel, or to 21, for integers of 4 and 16 bits; where a node blocks that, as far
 * as it goes.
 * @returns undefined where the model cannot be quantized; noted
 */
export async function liftFor(
  context: MethodContext,
  editor: GraphEditor,
  layers: Layers,
): Promise<Lifted | undefined> {
  const isWide = layers.all.some(({ form, bits }) => form !== 'float' && bits !== 8)
  const opset = () => editor.model.opsets.get('') ?? editor.model.opsets.get('ai.onnx') ?? 1
  const needed = isWide ? NEEDS.wide : NEEDS.axis
  let why = ''
  if (opset() < needed) {
    const { blockedBy, notes } = await liftOpset(editor, needed, { signal: context.signal })
    for (const note of notes) context.note(note)
    const [first] = blockedBy
    if (first) why = `node "${first.node}" (${first.opType}) cannot be lifted to ${first.opset}, because ${first.why}`
  }
  const reached = opset()
  const warn = (text: string) => context.note({ severity: 'warning', text: `${text}, and ${why}.` })
  if (reached < NEEDS.scalar) {
    warn(`Stays float: QuantizeLinear needs opset ${NEEDS.scalar}`)
    return undefined
  }
  if (reached < NEEDS.axis) warn(`Weights get one scale each: scales per channel need opset ${NEEDS.axis}`)
  if (isWide && reached < NEEDS.wide) {
    warn(
      `Weights have 8 bits instead of 4, and inner values of 16 bits are for ONNX Runtime only: both need opset ${NEEDS.wide}`,
    )
  }
  return { hasAxis: reached >= NEEDS.axis, hasWide: reached >= NEEDS.wide }
}
