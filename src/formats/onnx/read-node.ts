import type { Node } from '../../graph/model'
import { carry, mergeSpellings, type Raw, type Verbatim } from './carried'
import type { ReadContext } from './context'
import type { Step } from './cursor'
import { encodeParts } from './message-writer'
import { readAttribute } from './read-attribute'
import { EntryReader } from './read-entries'
import { NODE } from './schema'

export function* readNode(context: ReadContext): Step<Node> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const start = cursor.offset
  const node: Node = { name: '', opType: '', domain: '', inputs: [], outputs: [], attributes: new Map() }
  context.offsets.set(node, start)
  const explicit: number[] = []
  const unknown: Raw[] = []
  let verbatim: Map<number, Verbatim> | undefined
  let metadata: EntryReader | undefined
  const text = function* (field: number): Step<string> {
    const value = yield* cursor.text()
    if (value === '') explicit.push(field)
    return value
  }
  while (yield* cursor.next(end)) {
    switch (cursor.field) {
      case NODE.input:
        node.inputs.push(yield* cursor.text())
        break
      case NODE.output:
        node.outputs.push(yield* cursor.text())
        break
      case NODE.name:
        node.name = yield* text(NODE.name)
        break
      case NODE.opType:
        node.opType = yield* text(NODE.opType)
        break
      case NODE.domain:
        node.domain = yield* text(NODE.domain)
        if (node.domain === 'ai.onnx') verbatim = standardDomain(node)
        break
      case NODE.overload:
        node.overload = yield* cursor.text()
        break
      case NODE.docString:
        node.docString = yield* cursor.text()
        break
      case NODE.attribute: {
        cursor.what = nodeLabel(node)
        const { tagAt } = cursor
        const attribute = yield* readAttribute(context, nodeLabel(node))
        if (node.attributes.has(attribute.name)) {
          cursor.what = nodeLabel(node)
          cursor.fail(`gives the attribute ${attribute.name} twice`, tagAt)
        }
        node.attributes.set(attribute.name, attribute)
        break
      }
      case NODE.metadata:
        yield* (metadata ??= new EntryReader(NODE.metadata)).read(cursor)
        break
      default:
        unknown.push(yield* cursor.unknown())
    }
  }
  if (node.opType === '') {
    cursor.what = nodeLabel(node)
    cursor.fail('expected a node with an operator (op_type), found none', start)
  }
  if (metadata) node.metadata = metadata.map()
  node.carried = carry({ explicit, unknown, verbatim: mergeSpellings(verbatim, metadata?.verbatim()) })
  return node
}

/** 'ai.onnx' is another name of the standard domain ''. */
function standardDomain(node: Node): Map<number, Verbatim> {
  const raw = encodeParts((writer) => writer.text(NODE.domain, node.domain))
  node.domain = ''
  return new Map([[NODE.domain, { raw, canonical: new Uint8Array(0) }]])
}

export function nodeLabel(node: Node): string {
  const name = node.name || node.outputs.find((output) => output !== '') || '(without name)'
  return `node ${name}${node.opType ? ` (${node.opType})` : ''}`
}
