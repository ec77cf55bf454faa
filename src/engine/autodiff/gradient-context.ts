import { ShapeError } from '../../core/errors'
import type { Graph, Node } from '../../graph/model'
import type { AttributeSchema } from '../../ops/attributes'
import type { GradientContext, ValueName } from '../../ops/gradient'
import { emptyGraph, GraphBuilder } from '../build/graph-builder'
import { orderNodes } from '../plan/order'
import { renamed } from '../plan/inline-if'
import { titleOf, viewOf, type BoundNode } from '../node-context'

/** What is known on the way back of the node's outputs and inputs. */
export interface Flow {
  /** undefined: the scalar does not depend on this output. */
  gradient(output: number): ValueName | undefined
  /** Whether a gradient of this input is asked for. */
  needs(input: number): boolean
  readonly captured: readonly ValueName[]
  pullback(
    builder: GraphBuilder,
    gradients: Iterable<readonly [ValueName, ValueName]>,
    wrt: readonly ValueName[],
  ): readonly (ValueName | undefined)[]
}

/** The context of one node's gradient rule. */
export function gradientContext(builder: GraphBuilder, bound: BoundNode, flow: Flow): GradientContext<AttributeSchema> {
  const { node } = bound
  const shapes = () => node.inputs.map((name) => (name === '' ? undefined : builder.type(name).shape))
  return {
    ...viewOf(bound, shapes),
    write: builder,
    has: (input) => (node.inputs[input] ?? '') !== '',
    needs: (input) => flow.needs(input),
    input: (index) => node.inputs[index] || missing(node, index),
    output: (index) => builder.addOutput(node, index),
    gradient: (output) => flow.gradient(output),
    captured: flow.captured,
    subGraph: (inputs, build) => subGraph(builder, flow, inputs, build),
  }
}

function subGraph(
  outer: GraphBuilder,
  { pullback }: Flow,
  ...[types, build]: Parameters<GradientContext<AttributeSchema>['subGraph']>
): Graph {
  const inner = new GraphBuilder(emptyGraph(outer.unique('graph')), (tensor) => outer.loaded(tensor)!, outer)
  const inputs = types.map((type, i) => inner.input(`input${i}`, type))
  const outputs = build({
    ...{ write: inner, inputs },
    replay: (graph, given) => replay(inner, graph, given),
    pullback: (gradients, wrt) => pullback(inner, gradients, wrt),
  })
  // values from outside are no outputs of their own
  for (const value of outputs) inner.output(inner.add('Identity', [value]))
  return inner.graph
}

/** The nodes of a graph once more, under names of their own. @returns its outputs */
function replay(builder: GraphBuilder, graph: Graph, inputs: readonly ValueName[]): readonly ValueName[] {
  const names = new Map(graph.inputs.map(({ name }, i) => [name, inputs[i] as ValueName]))
  for (const [name, tensor] of graph.initializers) {
    if (!names.has(name)) names.set(name, builder.constant(builder.loaded(tensor)!))
  }
  const nodes = orderNodes(graph)
  for (const name of nodes.flatMap(({ outputs }) => outputs)) if (name !== '') names.set(name, builder.unique(name))
  for (const node of nodes) builder.addNode(renamed(node, names, ''))
  return graph.outputs.map(({ name }) => names.get(name) ?? name)
}

function missing(node: Node, index: number): never {
  throw new ShapeError(`${titleOf(node)}: its gradient needs input ${index}, which the node does not have.`)
}
