import type { Bytes } from '../../core/bytes'
import { memorySource } from '../../core/bytes'
import { ShapeError, UnsupportedError } from '../../core/errors'
import { isFloat, type HostArray } from '../../core/host-array'
import { onnx } from '../../formats/onnx/onnx'
import { subGraphs, type Graph, type Model, type Node } from '../../graph/model'
import { normalize, type Normalized } from '../normalize'
import { orderNodes } from '../plan/order'
import type { AnyTensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { constant, recordMany, rememberTensor, type Value } from '../tensor/value'
import { statisticsOf } from '../train/training-mode'
import { Module } from './module'
import { Parameter } from './parameter'

/** A model as a module: its float weights are parameters under their names, its nodes are recorded when it runs. */
export class GraphModule extends Module {
  readonly #graph: Graph
  readonly #constants = new Map<string, Value>()

  /** @throws UnsupportedError for nodes with graphs of their own (If, Loop, Scan) */
  constructor({ model, loaded }: Normalized) {
    super()
    const { graph } = model
    this.#graph = graph
    for (const node of graph.nodes) rememberAttributes(node, loaded)
    const statistics = statisticsOf(graph, () => true)
    for (const [name, tensor] of graph.initializers) {
      const array = loaded(tensor)
      if (isFloat(array.dtype)) this.parts.set(name, new Parameter(array, { isBuffer: statistics.has(name) }))
      else this.#constants.set(name, constant(array))
    }
  }

  get inputs(): readonly string[] {
    return this.#graph.inputs.map(({ name }) => name).filter((name) => !this.#graph.initializers.has(name))
  }
  get outputs(): readonly string[] {
    return this.#graph.outputs.map(({ name }) => name)
  }

  /** @throws ShapeError for inputs that are missing or do not fit */
  runAll(inputs: Readonly<Record<string, AnyTensor>>): Record<string, AnyTensor> {
    const values = new Map<string, Value>(this.#constants)
    for (const [name, part] of this.parts) if (part instanceof Parameter) values.set(name, part.tensor.value)
    for (const name of this.inputs) {
      const given = inputs[name]
      if (!given)
        throw new ShapeError(`The input ${name} is missing; the model's inputs are ${this.inputs.join(', ')}.`)
      values.set(name, given.value)
    }
    for (const node of this.#graph.nodes) {
      const made = recordMany(
        node.opType,
        node.inputs.map((name) => (name === '' ? undefined : values.get(name))),
        { attributes: [...node.attributes.values()], outputs: node.outputs.length, domain: node.domain },
      )
      node.outputs.forEach((name, i) => values.set(name, made[i] as Value))
    }
    return Object.fromEntries(this.outputs.map((name) => [name, wrap(values.get(name) as Value)]))
  }

  /** Of a model with one input: its first output. */
  run(x: AnyTensor): AnyTensor {
    const [input = ''] = this.inputs
    return this.runAll({ [input]: x })[this.outputs[0] as string] as AnyTensor
  }
}

function rememberAttributes(node: Node, loaded: Normalized['loaded']): void {
  if (subGraphs(node).length > 0) {
    throw new UnsupportedError(`${node.opType} "${node.name}" has graphs of its own, which tensors cannot record.`)
  }
  for (const one of node.attributes.values()) {
    if (one.type === 'tensor') rememberTensor(one.value, loaded(one.value) satisfies HostArray)
  }
}

/** @throws UnsupportedError for operators that the engine does not have */
export async function fromModel(model: Model): Promise<GraphModule> {
  const normalized = await normalize(model)
  const { graph } = normalized.model
  graph.nodes = [...orderNodes(graph)]
  return new GraphModule(normalized)
}

/** The module in an ONNX file. @throws FormatError for a damaged one, and as `fromModel` */
export async function fromOnnx(bytes: Bytes): Promise<GraphModule> {
  const files = { main: memorySource(bytes, 'model.onnx'), sibling: () => Promise.resolve(null) }
  return fromModel(await onnx.read(files))
}
