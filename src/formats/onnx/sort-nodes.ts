import { subGraphs, type Body, type Node } from '../../graph/model'

/**
 * Brings the nodes of a body into an order in which every value is made before it is read. ONNX asks for such an order,
 * onnxruntime does not, and files without it are about. Nodes that stand right already keep their places relative to
 * each other; no order helps a cycle, which `checkOrder` refuses.
 */
export function sortNodes(body: Body): void {
  for (const node of body.nodes) for (const graph of subGraphs(node)) sortNodes(graph)
  const makers = new Map<string, number>()
  body.nodes.forEach((node, index) => {
    for (const name of node.outputs) if (name !== '') makers.set(name, index)
  })
  const needs = body.nodes.map((node, index) => makersRead(node, makers, index))
  if (needs.every((needed, index) => needed.every((maker) => maker < index))) return
  body.nodes = orderOf(needs).map((index) => body.nodes[index] as Node)
}

/** Indices of the nodes whose values `node` reads, in its sub-graphs too. */
function makersRead(node: Node, makers: ReadonlyMap<string, number>, self: number): number[] {
  const found = new Set<number>()
  for (const name of namesRead(node)) {
    const maker = makers.get(name)
    if (maker !== undefined && maker !== self) found.add(maker)
  }
  return [...found]
}

/** Depth-first from the first node on, so that only what comes too late moves; no recursion, since chains are long. */
function orderOf(needs: readonly (readonly number[])[]): number[] {
  const order: number[] = []
  const isSeen = new Uint8Array(needs.length)
  // how many of its needs each node has looked at: looking again from the first would take forever for a wide node
  const looked = new Uint32Array(needs.length)
  for (let first = 0; first < needs.length; first++) {
    const path = isSeen[first] ? [] : [first]
    isSeen[first] = 1
    while (path.length > 0) {
      const at = path[path.length - 1] as number
      const needed = needs[at] ?? []
      while (looked[at]! < needed.length && isSeen[needed[looked[at]!]!]) looked[at]!++
      const next = needed[looked[at]!]
      if (next === undefined) {
        order.push(path.pop() as number)
      } else {
        isSeen[next] = 1
        path.push(next)
      }
    }
  }
  return order
}

/** Every name that a node reads, itself or in its sub-graphs (which may define some of them: those are not ours). */
function* namesRead(node: Node): Generator<string> {
  yield* node.inputs
  for (const graph of subGraphs(node)) {
    for (const inner of graph.nodes) yield* namesRead(inner)
    for (const output of graph.outputs) yield output.name
  }
}
