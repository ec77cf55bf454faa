/** One step of training as a graph: forward, loss, backward, clipping, update, moving average. */
import { UsageError } from '../../core/errors'
import { emptyArray, type HostArray } from '../../core/host-array'
import { cloneGraph, type Graph } from '../../graph/model'
import type { ValueName } from '../../ops/gradient'
import { differentiate } from '../autodiff/differentiate'
import { GraphBuilder } from '../build/graph-builder'
import type { Loss } from '../losses/loss'
import { movingAverage } from '../optim/average'
import { clipByNorm } from '../optim/clip'
import type { Optimizer } from '../optim/optimizer'
import type { StatefulDefinition } from '../stateful'
import type { Trainable } from './trainable'
import { inTrainingMode, type TrainingMode } from './training-mode'

export interface StepOptions {
  readonly loss: Loss
  readonly optimizer: Optimizer
  /** What the loss compares with the target; default: the graph's first output. */
  readonly prediction?: ValueName
  readonly clipNorm?: number
  readonly weightDecay?: number
  /** Whether a moving average of the weights is kept. */
  readonly hasAverage?: boolean
  /** Of what Dropout leaves out; default 0. */
  readonly seed?: number
}

export const STEP = 'step'
export const EVALUATE = 'evaluate'
/** Sum over the samples of an epoch. */
export const RUNNING_LOSS = 'training/loss'
/** Fed each step: how many samples the batch has. */
export const BATCH_WEIGHT = 'training/weight'
/** Fed each step: the decay of the moving average. */
export const AVERAGE_DECAY = 'training/average_decay'
export const TARGET = 'target'
export const scalarInput = (name: string) => `optimizer/${name}`
const averageOf = (parameter: string) => `average/${parameter}`

export interface TrainingGraphs extends StatefulDefinition {
  /** Values of parameters that are validated and kept: their names, or those of their averages. */
  readonly kept: ReadonlyMap<string, string>
  /** Inputs that a sample gives; the target is one more. */
  readonly inputs: readonly string[]
  /** Output of EVALUATE. */
  readonly prediction: ValueName
  readonly lossValue: ValueName
}

/** @throws UnsupportedError naming the node that has no gradient; ShapeError */
export function buildTrainingGraphs(trainable: Trainable, options: StepOptions): TrainingGraphs {
  const step = buildStep(trainable, options)
  const evaluate = buildEvaluation(trainable, options, step.kept)
  return {
    states: step.states,
    kept: step.kept,
    inputs: step.inputs,
    prediction: evaluate.prediction,
    lossValue: evaluate.loss,
    graphs: new Map([
      [STEP, { graph: step.graph, updates: step.updates }],
      [EVALUATE, { graph: evaluate.graph, updates: new Map() }],
    ]),
  }
}

class Step {
  readonly states: Map<string, HostArray>
  readonly updates: Map<string, string>
  readonly builder: GraphBuilder

  constructor({ builder, states, updates }: TrainingMode, { parameters, statistics }: Trainable) {
    this.builder = builder
    this.states = new Map([...parameters, ...statistics, ...states])
    this.updates = new Map(updates)
  }

  /** A value that outlives steps. */
  state(wish: string, first: HostArray): ValueName {
    const name = this.builder.input(wish, { dtype: first.dtype, shape: first.shape })
    this.states.set(name, first)
    return name
  }

  scalar(name: string): ValueName {
    return this.builder.input(name, { dtype: 'float32', shape: [] })
  }
}

function buildStep(trainable: Trainable, options: StepOptions) {
  const mode = inTrainingMode(trainable, options.seed ?? 0)
  const { builder } = mode
  const { prediction, target } = withTarget(builder, options)
  const { parameters, statistics } = trainable
  const step = new Step(mode, trainable)
  const inputs = sampleInputs(trainable)
  const loss = builder.prefixed('loss/', () => options.loss.build(builder, prediction, target))
  const found = builder.prefixed('gradient/', () => differentiate(builder, loss, [...parameters.keys()]))
  const gradients = [...parameters.keys()].map((name) => found.get(name) as ValueName)
  const { clipNorm } = options
  const clipped = clipNorm === undefined ? gradients : clipByNorm(builder, gradients, clipNorm).gradients
  const kept = addUpdates(step, [...parameters.keys()], clipped, options)
  for (const name of statistics.keys()) kept.set(name, name)
  const running = step.state(RUNNING_LOSS, emptyArray('float32', []))
  const weighted = builder.add('Mul', [loss, step.scalar(BATCH_WEIGHT)])
  step.updates.set(RUNNING_LOSS, builder.add('Add', [running, weighted]))
  builder.graph.outputs = []
  return { graph: builder.graph, states: step.states, updates: step.updates, kept, inputs }
}

function addUpdates(
  step: Step,
  names: readonly string[],
  gradients: readonly ValueName[],
  { optimizer, weightDecay = 0, hasAverage }: StepOptions,
): Map<string, string> {
  const { builder } = step
  const scalars = new Map(optimizer.scalarNames.map((name) => [name, step.scalar(scalarInput(name))]))
  const decay = hasAverage ? step.scalar(AVERAGE_DECAY) : undefined
  const kept = new Map<string, string>()
  names.forEach((parameter, i) => {
    const value = step.states.get(parameter) as HostArray
    const own = optimizer.states(value.shape)
    const states = new Map([...own].map(([suffix, first]) => [suffix, step.state(`${parameter}/${suffix}`, first)]))
    const given = { parameter, gradient: gradients[i] as ValueName, scalars, states }
    // biases and scales of normalizations are left out of weight decay (they are vectors)
    const group = { weightDecay: value.shape.length > 1 ? weightDecay : 0, rateScale: 1 }
    const result = builder.prefixed('update/', () => optimizer.update(builder, { ...given, ...group }))
    step.updates.set(parameter, result.parameter)
    for (const [suffix, state] of states) step.updates.set(state, result.states.get(suffix) as ValueName)
    kept.set(parameter, parameter)
    if (decay === undefined) return
    const average = step.state(averageOf(parameter), value)
    step.updates.set(average, movingAverage(builder, average, { weight: result.parameter, decay }))
    kept.set(parameter, average)
  })
  return kept
}

function buildEvaluation(trainable: Trainable, options: StepOptions, kept: ReadonlyMap<string, string>) {
  const builder = new GraphBuilder(cloneGraph(trainable.graph), trainable.loaded)
  const { prediction, target } = withTarget(builder, options)
  const loss = options.loss.build(builder, prediction, target)
  builder.graph.outputs = []
  builder.output(loss)
  if (prediction !== loss) builder.output(prediction)
  const graph = renameInputs(builder.graph, kept)
  return { graph, loss, prediction }
}

/** What the loss compares. @throws UsageError where the model has a value of this name */
function withTarget(builder: GraphBuilder, { loss, prediction }: StepOptions) {
  const value = prediction ?? (builder.graph.outputs[0]?.name as string)
  const target = builder.input(TARGET, loss.target(builder.type(value)))
  if (target === TARGET) return { prediction: value, target }
  throw new UsageError(`The model has a value called ${TARGET}, the name of what predictions are compared with.`)
}

const sampleInputs = ({ graph, parameters, statistics }: Trainable): string[] =>
  graph.inputs
    .map(({ name }) => name)
    .filter((name) => !parameters.has(name) && !statistics.has(name) && !graph.initializers.has(name))

/** Inputs under other names, in their nodes as well. */
function renameInputs(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const to = (name: string) => names.get(name) ?? name
  for (const info of graph.inputs) info.name = to(info.name)
  for (const node of graph.nodes) node.inputs = node.inputs.map(to)
  return graph
}
