import { ShapeError } from '../../core/errors'
import { isFloat, type HostArray } from '../../core/host-array'
import { namePatterns } from '../../core/name-patterns'
import type { Note } from '../../core/progress'
import type { Graph, LazyTensor, Model } from '../../graph/model'
import { normalize, type Normalized } from '../normalize'
import { orderNodes } from '../plan/order'
import { intoInference, settingsOf, statisticsOf } from './training-mode'

/** A graph whose weights are inputs of it, so that they can change. */
export interface Trainable {
  /** Opset 25, as it is run on samples. The step of training is built on a copy. */
  readonly graph: Graph
  readonly loaded: Normalized['loaded']
  /** What is trained, by name. */
  readonly parameters: ReadonlyMap<string, HostArray>
  /** Running statistics of batch normalizations, which follow the batches: inputs of the graph, too. */
  readonly statistics: ReadonlyMap<string, HostArray>
  /** What is not trained though it might be expected. */
  readonly notes: readonly Note[]
}

/**
 * Makes the float weights of a model inputs of its graph.
 * @param frozen names that stay weights; `*` stands for any text
 * @throws ShapeError where nothing is left to train, UnsupportedError as `normalize`
 */
export async function makeTrainable(
  model: Model,
  frozen: readonly string[] = [],
  signal?: AbortSignal,
): Promise<Trainable> {
  const normalized = await normalize(model, signal)
  const { graph } = normalized.model
  graph.nodes = [...orderNodes(graph)]
  intoInference(graph)
  const isFrozen = namePatterns(frozen.join(' '))
  const settings = settingsOf(graph)
  const learned = [...graph.initializers].filter(
    ([name, tensor]) =>
      isLearned(tensor) && !isFrozen(name) && !settings.has(name) && model.graph.initializers.has(name),
  )
  const names = new Set(learned.map(([name]) => name))
  const following = statisticsOf(graph, (name) => names.has(name))
  /** Initializers become inputs of the graph. */
  const taken = (chosen: readonly (readonly [string, LazyTensor])[]) =>
    new Map(
      chosen.map(([name, tensor]) => {
        const array = normalized.loaded(tensor)
        graph.initializers.delete(name)
        graph.inputs = graph.inputs.filter((info) => info.name !== name)
        graph.inputs.push({ name, type: { kind: 'tensor', dtype: tensor.dtype, shape: tensor.shape } })
        return [name, { ...array, values: array.values.slice() }] as const
      }),
    )
  const statistics = taken([...graph.initializers].filter(([name]) => following.has(name) && !isFrozen(name)))
  const parameters = taken(learned)
  if (parameters.size === 0) {
    const why = frozen.length > 0 ? ` Frozen: ${frozen.join(', ')}.` : ''
    throw new ShapeError(`The model has no float weights to train.${why}`)
  }
  const notes = [...graph.initializers].flatMap(([name, tensor]) => (isFrozen(name) ? [] : noteOf(tensor)))
  return { graph, loaded: normalized.loaded, parameters, statistics, notes }
}

function noteOf({ name, dtype, shape }: LazyTensor): readonly Note[] {
  const isOther = isFloat(dtype) && dtype !== 'float32' && shape.length > 0
  return isOther
    ? [{ severity: 'warning', node: name, text: `It is ${dtype} and stays as it is: weights of float32 are trained.` }]
    : []
}

/** A single number is a constant of a formula. */
const isLearned = ({ dtype, shape }: LazyTensor): boolean => dtype === 'float32' && shape.length > 0
