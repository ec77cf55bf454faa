import type { Bytes } from '../../core/bytes'
import { memorySource } from '../../core/bytes'
import { ShapeError, UnsupportedError } from '../../core/errors'
import { isFloat, type HostArray } from '../../core/host-array'
import { onnx } from '../../formats/onnx/onnx'
import { attribute, subGraphs, type Graph, type Model, type Node } from '../../graph/model'
import { normalize, type Normalized } from '../normalize'
import { orderNodes } from '../plan/order'
import type { AnyTensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { constant, recordMany, rememberTensor, type Value } from '../tensor/value'
import { settingsOf, statisticsOf } from '../train/training-mode'
import { withoutSome } from './dropout'
import { Module } from './module'
import { Parameter, updateBuffer } from './parameter'

/** A model as a module: its float weights are parameters under their names, its nodes are recorded when it runs.
 * Training mode is that of ONNX's operators: the running variance follows that of the batch, uncorrected. */
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
    const settings = settingsOf(graph)
    for (const [name, tensor] of graph.initializers) {
      const array = loaded(tensor)
      const isLearned = statistics.has(name) || !settings.has(name)
      if (isFloat(array.dtype) && isLearned)
        this.parts.set(name, new Parameter(array, { isBuffer: statistics.has(name) }))
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
      const made = this.#record(
        node,
        node.inputs.map((name) => (name === '' ? undefined : values.get(name))),
      )
      node.outputs.forEach((name, i) => values.set(name, made[i] as Value))
    }
    return Object.fromEntries(this.outputs.map((name) => [name, wrap(values.get(name) as Value)]))
  }

  /** In training batch normalizations take the moments of the batch, and Dropout leaves out. */
  #record(node: Node, inputs: readonly (Value | undefined)[]): readonly Value[] {
    const { opType, domain } = node
    const attributes = [...node.attributes.values()]
    const [, , , mean, variance] = node.inputs.map((name) => this.parts.get(name))
    if (this.isTraining && opType === 'BatchNormalization' && mean instanceof Parameter && mean.isBuffer) {
      const mode = attribute.int('training_mode', 1)
      const made = recordMany(opType, inputs, { attributes: [...attributes, mode], outputs: 3 })
      updateBuffer(mean, () => wrap(made[1] as Value))
      if (variance instanceof Parameter) updateBuffer(variance, () => wrap(made[2] as Value))
      return made
    }
    const [x, ratio] = inputs
    if (this.isTraining && opType === 'Dropout' && node.outputs.length === 1 && x && (!ratio || ratio.array)) {
      return [withoutSome(wrap(x), Number(ratio?.array?.values[0] ?? 0.5)).value]
    }
    return recordMany(opType, inputs, { attributes, outputs: node.outputs.length, domain })
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
