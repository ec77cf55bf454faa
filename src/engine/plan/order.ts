import { ShapeError } from '../../core/errors'
import { subGraphs, type Graph, type Node } from '../../graph/model'
import { titleOf } from '../node-context'

const captures = new WeakMap<Node, readonly string[]>()

/** Names that a node reads: its inputs, and outer values that its sub-graphs use. */
export function namesRead(node: Node): readonly string[] {
  const known = captures.get(node)
  if (known) return known
  const own = node.inputs.filter((name) => name !== '')
  const found = [...new Set([...own, ...subGraphs(node).flatMap(capturedNames)])]
  captures.set(node, found)
  return found
}

/** Values that a sub-graph uses and does not make. */
export function capturedNames(graph: Graph): readonly string[] {
  const own = new Set([...graph.inputs.map(({ name }) => name), ...graph.initializers.keys()])
  for (const node of graph.nodes) for (const name of node.outputs) own.add(name)
  const used = new Set([...graph.nodes.flatMap(namesRead), ...graph.outputs.map(({ name }) => name)])
  return [...used].filter((name) => !own.has(name))
}

const MOST_NAMED = 8

/**
 * The nodes in an order in which every value is made before it is read; as they stand where that is one.
 * @throws ShapeError for a cycle (naming its nodes) and for a value that two nodes make
 */
export function orderNodes(graph: Graph): readonly Node[] {
  const makers = new Map<string, Node>()
  for (const node of graph.nodes) {
    for (const name of node.outputs) {
      const other = name === '' ? undefined : makers.get(name)
      if (other) throw new ShapeError(`${titleOf(node)} and ${titleOf(other)} both make the value ${name}.`)
      makers.set(name, node)
    }
  }
  makers.delete('')
  const order: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  // depth first with a stack of our own: chains of nodes are longer than the call stack
  for (const root of graph.nodes) {
    const stack: { node: Node; next: number }[] = state.has(root) ? [] : [{ node: root, next: 0 }]
    while (stack.length > 0) {
      const top = stack.at(-1)!
      state.set(top.node, 'open')
      const name = namesRead(top.node)[top.next++]
      if (name === undefined) {
        state.set(top.node, 'done')
        order.push(top.node)
        stack.pop()
        continue
      }
      const maker = makers.get(name)
      if (!maker || state.get(maker) === 'done') continue
      if (state.get(maker) === 'open')
        throw cycleError(
          stack.map(({ node }) => node),
          maker,
        )
      stack.push({ node: maker, next: 0 })
    }
  }
  return order
}

function cycleError(open: readonly Node[], first: Node): ShapeError {
  // each node on the stack needs the one after it
  const cycle = open.slice(open.indexOf(first)).reverse()
  const more = cycle.length > MOST_NAMED ? ['…'] : []
  const named = [...cycle.slice(0, MOST_NAMED).map(titleOf), ...more].join(', ')
  return new ShapeError(
    `The nodes ${named} form a cycle: each needs a value that is made after it. A graph must have an order.`,
  )
}
