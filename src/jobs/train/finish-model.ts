/** From a trained network to what people use: raw inputs in front, probabilities or numbers in units at the end. */
import { hostArray, toTensor, type HostArray } from '../../core/host-array'
import { FEATURES, LOGITS } from '../../engine/train/networks'
import { attribute, cloneModel, tensorFromBytes, type Graph, type Model, type Node } from '../../graph/model'
import { APP_VERSION } from '../ports'
import type { NetworkInput, Prepared, Task } from './source'

export const INPUT_MEAN = 'input.mean'
export const INPUT_DEVIATION = 'input.deviation'
/** Key of the metadata under which stands how pictures become inputs. */
export const PREPROCESS_KEY = 'plume.preprocess'
export const PROBABILITIES = 'probabilities'
export const PREDICTION = 'prediction'

/** Per channel, or per column. */
export interface Scale {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

interface AffineInput extends Scale {
  readonly name: string
  readonly input: NetworkInput
}

/** features = (input − mean) / deviation, channel by channel or column by column */
export function affineInput(network: Model, { name, mean, deviation, input }: AffineInput): Model {
  const model = cloneModel(network)
  const { graph } = model
  const isRow = input.kind === 'row'
  const shape = isRow ? ['batch', input.size] : ['batch', input.channels, input.height, input.width]
  const each = isRow ? [1, input.size] : [1, input.channels, 1, 1]
  addWeight(graph, INPUT_MEAN, hostArray('float32', each, mean))
  addWeight(graph, INPUT_DEVIATION, hostArray('float32', each, deviation))
  graph.inputs = graph.inputs.map((info) =>
    info.name === FEATURES ? { name, type: { kind: 'tensor', dtype: 'float32', shape } } : info,
  )
  graph.nodes.unshift(
    simpleNode('Sub', [name, INPUT_MEAN], 'input.centred'),
    simpleNode('Div', ['input.centred', INPUT_DEVIATION], FEATURES),
  )
  return model
}

interface Finishing {
  readonly prepared: Prepared
  readonly task: Task
  /** Of the column. */
  readonly target: string
}

/** The model that is written: raw inputs, probabilities [batch, classes] or the prediction [batch, 1], what they mean. */
export function finishModel(network: Model, { prepared, task, target }: Finishing): Model {
  const whole = cloneModel(network)
  if (task.kind === 'classification') {
    whole.graph.nodes.push(simpleNode('Softmax', [LOGITS], PROBABILITIES, [attribute.int('axis', -1)]))
    setOutput(whole.graph, PROBABILITIES, task.classes.length)
  } else {
    renameOutput(whole.graph, LOGITS, PREDICTION)
  }
  const model = prepared.withInputs(whole)
  model.graph.name = 'plume'
  model.producerVersion = APP_VERSION
  model.metadata.set('plume.target', target)
  model.metadata.set('plume.task', task.kind)
  if (prepared.preprocess) model.metadata.set(PREPROCESS_KEY, prepared.preprocess)
  if (task.kind === 'classification') model.metadata.set('plume.classes', JSON.stringify(task.classes))
  model.edits++
  return model
}

function addWeight(graph: Graph, name: string, array: HostArray): void {
  const { dtype, shape, data } = toTensor(array)
  graph.initializers.set(name, tensorFromBytes(name, dtype, shape, data))
}

function simpleNode(
  opType: string,
  inputs: string[],
  output: string,
  attributes: ReturnType<typeof attribute.int>[] = [],
): Node {
  const name = output
  return {
    ...{ name, opType, domain: '', inputs, outputs: [output] },
    attributes: new Map(attributes.map((one) => [one.name, one])),
  }
}

function renameOutput(graph: Graph, from: string, to: string): void {
  for (const node of graph.nodes) node.outputs = node.outputs.map((name) => (name === from ? to : name))
  setOutput(graph, to, 1)
}

function setOutput(graph: Graph, name: string, width: number): void {
  graph.outputs = [{ name, type: { kind: 'tensor', dtype: 'float32', shape: ['batch', width] } }]
}
