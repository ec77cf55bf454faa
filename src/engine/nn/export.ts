import type { Bytes } from '../../core/bytes'
import { UsageError } from '../../core/errors'
import { isFloat } from '../../core/host-array'
import { encodeOnnx } from '../../formats/onnx/encode'
import { attribute, type Graph, type Model } from '../../graph/model'
import { GraphBuilder } from '../build/graph-builder'
import { modelOf } from '../build/model-of'
import { settingsOf } from '../train/training-mode'
import { addProgram, programOf } from '../tensor/program'
import type { AnyTensor } from '../tensor/tensor'
import { withoutGradients, type Value } from '../tensor/value'
import type { AnyLayer, Module } from './module'
import { computeWithParameters } from './parameter'

/**
 * A module as a model: what it does when training is over, recorded on placeholders. Weights are stored under their names.
 * @param inputs made by `input('features', ['batch', 30])`
 * @param run outputs by name; default: `module.run` of the only input, as 'output'
 * @throws UsageError where the module has no `run` and none is given, or an output has no name of its own
 */
export async function toModel(
  module: Module,
  inputs: readonly AnyTensor[],
  run?: (...inputs: readonly AnyTensor[]) => Readonly<Record<string, AnyTensor>>,
): Promise<Model> {
  const state = module.state()
  await computeWithParameters([...state.values()].map(({ tensor }) => tensor.value))
  const modes = [...module.modules()].map(([, part]) => [part, part.isTraining] as const)
  module.eval()
  try {
    const outputs = withoutGradients(() => (run ? run(...inputs) : { output: runOne(module, inputs) }))
    const names = new Map<Value, string>()
    for (const [name, { tensor }] of state) names.set(tensor.value, name)
    return modelOf(graphOf(inputs, outputs, names))
  } finally {
    for (const [part, isTraining] of modes) part.isTraining = isTraining
  }
}

function runOne(module: Module, [x, ...others]: readonly AnyTensor[]): AnyTensor {
  if ('run' in module && x && others.length === 0) return (module as AnyLayer).run(x)
  throw new UsageError(
    'This module does not have one input: say how it runs, toModel(module, inputs, (a, b) => ({ y: … })).',
  )
}

function graphOf(
  inputs: readonly AnyTensor[],
  outputs: Readonly<Record<string, AnyTensor>>,
  weights: ReadonlyMap<Value, string>,
): Graph {
  const builder = new GraphBuilder()
  const known = new Map(inputs.map(({ value }) => [value, builder.input(value.name ?? 'input', value.type)]))
  const values = Object.values(outputs).map(({ value }) => value)
  const program = programOf(values, ({ operation }) => !operation)
  const names = addProgram(builder, program, (leaf) => {
    const input = known.get(leaf)
    if (input !== undefined) return input
    if (!leaf.array) throw new UsageError(`The input ${leaf.name ?? ''} of the graph is not among those given.`)
    const weight = weights.get(leaf)
    return weight === undefined ? builder.constant(leaf.array) : builder.initializer(weight, leaf.array)
  })
  Object.keys(outputs).forEach((wish, i) => {
    const value = names.get(values[i] as Value) as string
    addOutput(builder, wish, { value, isTaken: values.indexOf(values[i] as Value) < i })
  })
  asConstants(builder.graph, new Set(weights.values()))
  return builder.graph
}

/** Numbers of formulas become nodes: whoever trains the export learns its weights, not these. */
function asConstants(graph: Graph, weights: ReadonlySet<string>): void {
  const settings = settingsOf(graph)
  for (const [name, tensor] of [...graph.initializers].reverse()) {
    if (weights.has(name) || settings.has(name) || !isFloat(tensor.dtype)) continue
    graph.initializers.delete(name)
    const attributes = new Map([['value', attribute.tensor('value', { ...tensor, name: '' })]])
    graph.nodes.unshift({ name, opType: 'Constant', domain: '', inputs: [], outputs: [name], attributes })
  }
}

/** Lists a value as an output under a name of its own; inputs, weights and what is an output already are copied. */
function addOutput(
  builder: GraphBuilder,
  wish: string,
  { value, isTaken }: { readonly value: string; readonly isTaken: boolean },
): void {
  const { graph } = builder
  const name = builder.unique(wish)
  if (name !== wish) throw new UsageError(`The output ${wish} has the name of another value of the graph.`)
  const { dtype, shape } = builder.type(value)
  graph.outputs.push({ name, type: { kind: 'tensor', dtype, ...(shape && { shape }) } })
  const maker = isTaken ? undefined : graph.nodes.find(({ outputs }) => outputs.includes(value))
  if (!maker) {
    const attributes = new Map()
    graph.nodes.push({ name, opType: 'Identity', domain: '', inputs: [value], outputs: [name], attributes })
    return
  }
  const renamed = (one: string) => (one === value ? name : one)
  maker.outputs = maker.outputs.map(renamed)
  for (const node of graph.nodes) node.inputs = node.inputs.map(renamed)
}

/** The bytes of an ONNX file. Parameters as `toModel`. */
export async function toOnnx(...parameters: Parameters<typeof toModel>): Promise<Bytes> {
  return encodeOnnx(await toModel(...parameters))
}
