/** A branch whose condition is known while planning: its nodes join the graph around it. */
import { assert } from '../../core/errors'
import type { Attribute, Graph, LazyTensor, Node } from '../../graph/model'
import { titleOf } from '../node-context'
import { orderNodes } from './order'

export interface InlinedBranch {
  /** In order; the last ones give the outputs of the If their names. */
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, LazyTensor>
}

/** Inner names become `If-node/branch/name`, which no other value has: the outputs of a node are unique. */
export function inlineBranch(node: Node, takesThen: boolean): InlinedBranch {
  const attribute = node.attributes.get(takesThen ? 'then_branch' : 'else_branch')
  assert(attribute?.type === 'graph', `${titleOf(node)} has no such branch`)
  const branch = attribute.value
  const prefix = `${node.outputs.find((name) => name !== '') ?? node.name}/${takesThen ? 'then' : 'else'}/`
  const inner = new Map(ownNames(branch).map((name) => [name, prefix + name]))
  const nodes = orderNodes(branch).map((one) => renamed(one, inner, prefix))
  const outputs = branch.outputs.flatMap(({ name }, i) => {
    const output = node.outputs[i] ?? ''
    return output === '' ? [] : [identity(inner.get(name) ?? name, output)]
  })
  return {
    nodes: [...nodes, ...outputs],
    initializers: new Map([...branch.initializers].map(([name, tensor]) => [prefix + name, tensor])),
  }
}

const identity = (input: string, output: string): Node => ({
  ...{ name: `${output}/Identity`, opType: 'Identity', domain: '' },
  ...{ inputs: [input], outputs: [output], attributes: new Map<string, Attribute>() },
})

/** Names that a graph makes. */
const ownNames = (graph: Graph): string[] =>
  [
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ].filter((name) => name !== '')

/** A node with other names for values, in its sub-graphs as well. */
export function renamed(node: Node, names: ReadonlyMap<string, string>, prefix: string): Node {
  const nameOf = (name: string) => names.get(name) ?? name
  const attributes = new Map([...node.attributes].map(([name, one]) => [name, renamedAttribute(one, names)]))
  return {
    ...node,
    name: prefix + node.name,
    inputs: node.inputs.map(nameOf),
    outputs: node.outputs.map(nameOf),
    attributes,
  }
}

function renamedAttribute(attribute: Attribute, names: ReadonlyMap<string, string>): Attribute {
  if (attribute.type !== 'graph') return attribute
  const graph = attribute.value
  const shadowed = new Set(ownNames(graph))
  const seen = new Map([...names].filter(([name]) => !shadowed.has(name)))
  const value: Graph = {
    ...graph,
    nodes: graph.nodes.map((node) => renamed(node, seen, '')),
    outputs: graph.outputs.map((info) => ({ ...info, name: seen.get(info.name) ?? info.name })),
  }
  return { ...attribute, value }
}
