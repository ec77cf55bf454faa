import { tensorFromBytes, type Attribute, type Graph, type LazyTensor, type Model, type Node } from '../../graph/model'
import type { MethodContext } from '../method'

/**
 * Computes nodes that do not depend on each other, from tensors, in one run of onnxruntime.
 * @param lookup the tensor that a node's input holds
 * @returns the outputs of each node, in order; undefined for omitted ones
 * @throws RuntimeFailure
 */
export async function computeNodes(
  context: Pick<MethodContext, 'run'>,
  model: Model,
  opset: number,
  nodes: readonly Node[],
  lookup: (node: Node, index: number) => LazyTensor | undefined,
): Promise<Map<Node, (LazyTensor | undefined)[]>> {
  const graph: Graph = {
    kind: 'graph',
    name: 'constants',
    nodes: [],
    inputs: [],
    outputs: [],
    valueInfo: new Map(),
    initializers: new Map(),
    sparseInitializers: [],
  }
  const names = new Map<LazyTensor, string>()
  const nameOf = (tensor: LazyTensor | undefined): string => {
    if (!tensor) return ''
    const name = names.get(tensor) ?? `c${names.size}`
    names.set(tensor, name)
    graph.initializers.set(name, { ...tensor, name })
    return name
  }
  nodes.forEach((node, at) => {
    const outputs = node.outputs.map((name, index) => (name ? `r${at}_${index}` : ''))
    const inputs = node.inputs.map((name, index) => (name ? nameOf(lookup(node, index)) : ''))
    const attributes = new Map<string, Attribute>(node.attributes)
    graph.nodes.push({ name: `n${at}`, opType: node.opType, domain: '', inputs, outputs, attributes })
    for (const name of outputs) if (name) graph.outputs.push({ name })
  })
  const small: Model = {
    ...{ source: null, edits: 1, producerName: '', producerVersion: '', domain: '', docString: '' },
    irVersion: Math.max(4, model.irVersion),
    modelVersion: 0n,
    opsets: new Map([['', opset]]),
    metadata: new Map(),
    graph,
    functions: [],
  }
  const outputs = await context.run(small, new Map())
  return new Map(
    nodes.map((node, at) => [
      node,
      node.outputs.map((name, index) => {
        const tensor = name ? outputs.get(`r${at}_${index}`) : undefined
        return tensor && tensorFromBytes('', tensor.dtype, tensor.shape, tensor.data)
      }),
    ]),
  )
}
