/** A model file that training goes on with. */
import type { FileSet } from '../../core/bytes'
import { UsageError } from '../../core/errors'
import { withParameters } from '../../engine/train/train'
import type { Trained } from '../../engine/train/trainer'
import { cloneModel, type Graph, type Model, type ValueInfo } from '../../graph/model'
import { openInput } from '../input'
import type { Candidate } from './candidates'
import { INPUT_DEVIATION, INPUT_MEAN } from './finish-model'

export interface ImportedModel {
  readonly name: string
  /** As it was read. */
  readonly model: Model
  /** Its one output are scores, or the predicted number: what the loss compares with the target. */
  readonly network: Model
  readonly inputs: readonly ValueInfo[]
  readonly candidate: Candidate
  /** The model as it was read, with what was learned. */
  finish(parameters: Trained['parameters']): Model
}

/** @throws FormatError; UsageError for a model without graph or output */
export async function importModel(files: FileSet, signal: AbortSignal): Promise<ImportedModel> {
  const { model } = await openInput(files, signal)
  const { graph } = model
  const { name } = files.main
  const [output] = graph.outputs
  if (!output || graph.nodes.length === 0) {
    throw new UsageError(`${name} has no graph to train; it holds ${graph.initializers.size} weights only.`)
  }
  const network = cutAt(model, scoresOf(graph, output.name))
  return {
    ...{ name, model, network },
    candidate: { kind: 'imported', layers: [], network: () => network, frozen: PREPROCESSING },
    inputs: graph.inputs.filter((input) => !graph.initializers.has(input.name)),
    finish: (parameters) => withParameters(model, parameters),
  }
}

/** Weights of what Plume puts in front of the networks that it trains: not learned, but computed from the data. */
const PREPROCESSING = ['encode_*', INPUT_MEAN, INPUT_DEVIATION]

/** What makes probabilities of scores: the loss takes the scores. */
const PROBABILITIES = new Set(['Softmax', 'LogSoftmax', 'Identity'])

function scoresOf(graph: Graph, output: string): string {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(output))
  const [scores] = node?.inputs ?? []
  return node && PROBABILITIES.has(node.opType) && scores ? scoresOf(graph, scores) : output
}

/** A copy whose only output is `value`. */
function cutAt(model: Model, value: string): Model {
  const copy = cloneModel(model)
  const { graph } = copy
  const known = graph.outputs.find(({ name }) => name === value) ?? graph.valueInfo.get(value)
  graph.outputs = [known ? { ...known } : { name: value }]
  copy.edits++
  return copy
}
