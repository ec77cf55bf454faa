import { subGraphs, type Graph, type Node } from '../../graph/model'

/** Inputs of a node, and outer values that its sub-graphs read (with some names of their own). */
export function readBy(node: Node): readonly string[] {
  const inner = subGraphs(node)
  return inner.length === 0 ? node.inputs : [...node.inputs, ...inner.flatMap(readIn)]
}

const readIn = (graph: Graph): readonly string[] => [
  ...graph.nodes.flatMap(readBy),
  ...graph.outputs.map(({ name }) => name),
]
