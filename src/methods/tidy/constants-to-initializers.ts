import { count, hasPlainBytes, type Rewrite } from './rewrite'

/** Turns Constant nodes of graphs into initializers, which take fewer bytes and have no place in the order of nodes. */
export const constantsToInitializers: Rewrite = (tidy) => {
  const { editor } = tidy
  // Up to IR 3 an initializer must also be an input, which is no smaller.
  if (editor.model.irVersion < 4) return 0
  let moved = 0
  for (const node of editor.nodes()) {
    if (node.opType !== 'Constant') continue
    const body = editor.bodyOf(node)
    const value = editor.output(node, 0)
    const tensor = editor.constant(value)
    if (body.kind !== 'graph' || !value || !tensor || !hasPlainBytes(tensor)) continue
    if (editor.isOutput(value) || value.uses.size === 0) continue
    const initializer = editor.addInitializer(body, { ...tensor, name: value.name })
    editor.replaceUses(value, initializer)
    editor.removeNode(node)
    moved++
  }
  count(tidy, 'Constant nodes stored as initializers', moved)
  return moved
}
