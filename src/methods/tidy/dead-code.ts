import type { GraphEditor } from '../../graph/edit'
import type { FunctionDef } from '../../graph/model'
import { count, recordChange, type Rewrite } from './rewrite'

/** Removes nodes, tensors and functions that nothing needs. Inputs of the model stay: callers may feed them. */
export const removeUnused: Rewrite = (tidy) => {
  const { editor } = tidy
  let removed = 0
  // Readers first, so that what only they read goes in the same round.
  for (const node of [...editor.nodes()].reverse()) {
    // A node inside a sub-graph went away with the node around it.
    if (!editor.has(node) || node.outputs.length === 0) continue
    const isNeeded = node.outputs.some((_, index) => (editor.output(node, index)?.uses.size ?? 0) > 0)
    if (isNeeded) continue
    editor.removeNode(node)
    removed++
  }
  count(tidy, 'unused nodes removed', removed)
  for (const { value, tensor } of editor.initializers()) {
    if (value.uses.size > 0 || !isOwn(value.isInput, editor.model.irVersion)) continue
    recordChange(tidy, tensor, `${tensor.dtype}/removed`, 0)
    editor.removeInitializer(value)
    count(tidy, 'unused tensors removed')
    removed++
  }
  for (const unused of unusedFunctions(editor)) {
    editor.removeFunction(unused)
    count(tidy, 'unused functions removed')
    removed++
  }
  return removed
}

/** From IR 4 on, an initializer among the inputs is a default that a caller may override. */
function isOwn(isInput: boolean, irVersion: number): boolean {
  return !isInput || irVersion < 4
}

/** Functions that no node calls, those that only unused functions call included in a later round. */
function unusedFunctions(editor: GraphEditor): FunctionDef[] {
  const called = new Set<string>()
  for (const node of editor.nodes()) called.add(keyOf(node.domain, node.opType))
  // Overloads of one name stay together: which one is meant is for the runtime to say.
  return editor.model.functions.filter((definition) => !called.has(keyOf(definition.domain, definition.name)))
}

const keyOf = (domain: string, name: string) => `${domain === 'ai.onnx' ? '' : domain}:${name}`
