import { count, type Rewrite } from './rewrite'

/** Removes documentation strings of nodes: exporters put the stack trace of the source code there. */
export const stripDocs: Rewrite = (tidy) => {
  let stripped = 0
  for (const node of tidy.editor.nodes()) {
    if (!node.docString) continue
    count(tidy, 'bytes of documentation strings removed', new TextEncoder().encode(node.docString).byteLength)
    tidy.editor.removeDocString(node)
    stripped++
  }
  return stripped
}
