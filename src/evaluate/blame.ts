import { RuntimeFailure } from '../core/errors'
import { bodies, type Model, type Node } from '../graph/model'

/**
 * onnxruntime sometimes blames a domain or an operator only; the model tells which node that is.
 * Other errors are handed back as they are.
 */
export function blameNode(error: unknown, model: Model): unknown {
  if (!(error instanceof RuntimeFailure)) return error
  const domain = /No opset import for domain '([^']+)'/.exec(error.message)?.[1]
  const operator = /([\w.]*):(\w+)\(-?\d+\) is not a registered function/.exec(error.message)
  const node = findNode(model, (candidate) =>
    domain !== undefined
      ? candidate.domain === domain
      : operator !== null && candidate.domain === operator[1] && candidate.opType === operator[2],
  )
  if (!node) return error
  const label = node.name
    ? `"${node.name}" (${node.opType})`
    : `of ${node.opType} that makes "${node.outputs[0] ?? ''}"`
  return new RuntimeFailure(`${error.message} It stands at node ${label}.`, node.name || node.opType)
}

function findNode(model: Model, isBlamed: (node: Node) => boolean): Node | undefined {
  for (const body of bodies(model)) {
    const node = body.nodes.find(isBlamed)
    if (node) return node
  }
  return undefined
}
