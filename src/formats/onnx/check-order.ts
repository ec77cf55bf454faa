import { FormatError } from '../../core/errors'
import { subGraphs, type Body, type Graph, type Model, type Node } from '../../graph/model'
import { nodeLabel } from './read-node'
import { oneLine } from './text'

/** Names that a body may read: its own and, in a sub-graph, those of the bodies around it. */
interface Scope {
  readonly names: Set<string>
  readonly outer: Scope | null
}

/**
 * Checks that every value is defined, once, and before it is read, in the main graph, sub-graphs and functions
 * whose nodes are in order (`sortNodes`).
 * @param offsets where bodies and nodes start in the file
 * @throws FormatError naming the node and the value
 */
export function checkOrder(model: Model, file: string, offsets: ReadonlyMap<object, number>): void {
  const fail = (problem: string, at: object): never => {
    throw new FormatError(oneLine(problem), { file, offset: offsets.get(at), hint: 'Export the model again.' })
  }
  for (const body of [model.graph, ...model.functions]) checkBody(body, null, fail)
}

type Fail = (problem: string, at: object) => never

function checkBody(body: Body, outer: Scope | null, fail: Fail): void {
  const scope: Scope = { names: startNames(body, fail), outer }
  for (const node of body.nodes) {
    for (const input of node.inputs) {
      if (input !== '' && !isKnown(scope, input)) explainMissing(body, node, input, fail)
    }
    for (const graph of subGraphs(node)) checkBody(graph, scope, fail)
    for (const output of node.outputs) {
      if (output === '') continue
      if (scope.names.has(output))
        fail(`${nodeLabel(node)} defines the value ${output}, which is defined already`, node)
      scope.names.add(output)
    }
  }
  const outputs = body.kind === 'graph' ? body.outputs.map((info) => info.name) : body.outputs
  for (const name of outputs) {
    if (name !== '' && !isKnown(scope, name))
      fail(`${bodyLabel(body)} has the output ${name}, which nothing defines`, body)
  }
}

function startNames(body: Body, fail: Fail): Set<string> {
  const names = new Set<string>()
  const inputs = body.kind === 'graph' ? body.inputs.map((info) => info.name) : body.inputs
  for (const name of inputs) {
    if (name !== '' && names.has(name)) fail(`${bodyLabel(body)} has two inputs with the name ${name}`, body)
    names.add(name)
  }
  if (body.kind === 'graph') addTensors(body, names)
  return names
}

function addTensors(graph: Graph, names: Set<string>): void {
  for (const name of graph.initializers.keys()) names.add(name)
  for (const sparse of graph.sparseInitializers) names.add(sparse.values.name)
}

function isKnown(scope: Scope, name: string): boolean {
  for (let at: Scope | null = scope; at; at = at.outer) if (at.names.has(name)) return true
  return false
}

function explainMissing(body: Body, node: Node, input: string, fail: Fail): never {
  const producers = new Map<string, Node>()
  for (const other of body.nodes) for (const output of other.outputs) if (output) producers.set(output, other)
  const producer = producers.get(input)
  if (!producer) return fail(`${nodeLabel(node)} reads the value ${input}, which nothing before it defines`, node)
  // `sortNodes` has found the best order, so what still comes too late needs itself.
  return fail(`${nodeLabel(node)} is part of a cycle: it reads ${input}, which is computed from its own output`, node)
}

function bodyLabel(body: Body): string {
  return `${body.kind} ${body.name || '(without name)'}`
}
