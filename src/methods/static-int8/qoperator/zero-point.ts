import type { GraphEditor, Value } from '../../../graph/edit'
import { tensorFromBytes } from '../../../graph/model'
import type { Scaling } from './qdq'

/** The zero point as a value: integer operators want one where QuantizeLinear takes none for 0. */
export function zeroPointOf(editor: GraphEditor, { zeroPoint, scale, dtype }: Scaling): Value {
  if (zeroPoint) return zeroPoint
  const shape = editor.constant(scale)?.shape ?? []
  return addConstant(editor, `${scale.name}_zero`, dtype, { shape, bytes: new Uint8Array(shape[0] ?? 1) })
}

/** An initializer of the main graph, where every body sees it. */
export function addConstant(
  editor: GraphEditor,
  name: string,
  dtype: Scaling['dtype'],
  { shape, bytes }: { shape: readonly number[]; bytes: Uint8Array<ArrayBuffer> },
): Value {
  return editor.addInitializer(editor.model.graph, tensorFromBytes(name, dtype, shape, bytes))
}
