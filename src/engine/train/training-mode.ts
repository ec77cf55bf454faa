/**
 * What a graph does otherwise while it is trained: batch normalization takes the moments of the batch and its running ones
 * follow, Dropout leaves values out. Evaluation and the finished model are as they were.
 */
import { UnsupportedError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import { attribute, cloneGraph, type Graph, type Node } from '../../graph/model'
import type { ValueName } from '../../ops/gradient'
import { GraphBuilder } from '../build/graph-builder'
import { nextKey, RANDOM_STATE, randomKey, staying } from '../build/random'
import { titleOf } from '../node-context'
import type { Normalized } from '../normalize'

export interface TrainingMode {
  /** The graph, with states as inputs, to which the step adds loss and gradients. */
  readonly builder: GraphBuilder
  /** The key of random numbers, where something is random. */
  readonly states: ReadonlyMap<string, HostArray>
  /** State → its value after the step: the key, and running statistics. */
  readonly updates: ReadonlyMap<string, ValueName>
}

export interface InferenceGraph {
  /** Opset 25, as it is run on samples; running statistics that follow are inputs. */
  readonly graph: Graph
  readonly loaded: Normalized['loaded']
  readonly statistics: ReadonlyMap<string, HostArray>
}

const [MEAN, VARIANCE] = [3, 4]

/**
 * A copy of the graph as a step of training runs it.
 * @param seed of what Dropout leaves out
 * @throws UnsupportedError for a Dropout whose ratio is not known
 */
export function inTrainingMode({ graph, loaded, statistics }: InferenceGraph, seed: number): TrainingMode {
  const copy = cloneGraph(graph)
  const { nodes } = copy
  copy.nodes = []
  const mode = new Mode(new GraphBuilder(copy, loaded), { seed, statistics, names: namesMadeBy(nodes) })
  for (const node of nodes) mode.add(node)
  return mode.finish()
}

class Mode {
  readonly #builder: GraphBuilder
  readonly #states = new Map<string, HostArray>()
  readonly #updates = new Map<string, ValueName>()
  readonly #statistics: ReadonlyMap<string, HostArray>
  readonly #seed: number
  readonly #prefix: string
  #streams = 0

  constructor(
    builder: GraphBuilder,
    given: {
      readonly seed: number
      readonly statistics: ReadonlyMap<string, HostArray>
      readonly names: readonly string[]
    },
  ) {
    this.#builder = builder
    this.#seed = given.seed
    this.#statistics = given.statistics
    let prefix = 'training/'
    while (given.names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`
    this.#prefix = prefix
  }

  add(node: Node): void {
    if (isNode(node, 'BatchNormalization')) this.#batchNormalization(node)
    else if (isNode(node, 'Dropout')) this.#dropout(node)
    else this.#builder.addNode(node)
  }

  finish(): TrainingMode {
    const key = this.#states.has(RANDOM_STATE) ? nextKey(this.#builder, RANDOM_STATE) : undefined
    if (key) this.#updates.set(RANDOM_STATE, key)
    return { builder: this.#builder, states: this.#states, updates: this.#updates }
  }

  #batchNormalization(node: Node): void {
    const [mean = '', variance = ''] = [node.inputs[MEAN], node.inputs[VARIANCE]]
    const follows = [mean, variance].every((name) => this.#statistics.has(name))
    if (!follows) return this.#builder.addNode(node)
    node.attributes.set('training_mode', attribute.int('training_mode', 1))
    this.#builder.addNode(node)
    // what is normalized by two layers follows the later one
    this.#updates.set(mean, this.#builder.addOutput(node, 1))
    this.#updates.set(variance, this.#builder.addOutput(node, 2))
  }

  #dropout(node: Node): void {
    const [x = '', ratioName = ''] = node.inputs
    const ratio = ratioName === '' ? 0.5 : Number(this.#builder.known(ratioName)?.values[0])
    if (Number.isNaN(ratio)) {
      throw new UnsupportedError(
        `${titleOf(node)}: its ratio ${ratioName} is computed, and must be known to train the model.`,
      )
    }
    if (ratio === 0) return this.#builder.addNode(node)
    const key = this.#key()
    const [y, mask] = this.#builder.prefixed(this.#prefix, () => {
      const stays = staying(this.#builder, x, { key, stream: ++this.#streams, ratio })
      const { dtype } = this.#builder.type(x)
      const scaled = this.#builder.add('Mul', [x, this.#builder.number(1 / (1 - ratio), dtype)])
      return [this.#builder.add('Where', [stays, scaled, this.#builder.number(0, dtype)]), stays]
    })
    this.#rename(y!, node.outputs[0])
    this.#rename(mask!, node.outputs[1])
  }

  /** Under the name by which the graph knows it. */
  #rename(value: ValueName, name: string | undefined): void {
    if (!name) return
    const attributes = new Map()
    this.#builder.addNode({ name, opType: 'Identity', domain: '', inputs: [value], outputs: [name], attributes })
  }

  #key(): ValueName {
    if (!this.#states.has(RANDOM_STATE)) {
      const key = randomKey(this.#seed)
      this.#states.set(RANDOM_STATE, key)
      const name = this.#builder.input(RANDOM_STATE, { dtype: key.dtype, shape: key.shape })
      if (name !== RANDOM_STATE) throw new UnsupportedError(`The graph has a value that is called ${RANDOM_STATE}.`)
    }
    return RANDOM_STATE
  }
}

/** As they are run on samples: nothing is left out, and statistics are those that were learned. */
export function intoInference(graph: Graph): void {
  for (const node of graph.nodes) {
    if (isNode(node, 'Dropout')) node.inputs = node.inputs.slice(0, 2)
    if (!isNode(node, 'BatchNormalization')) continue
    node.attributes.delete('training_mode')
    const dropped = new Set(node.outputs.slice(1))
    node.outputs = node.outputs.slice(0, 1)
    graph.outputs = graph.outputs.filter(({ name }) => !dropped.has(name))
  }
}

/**
 * Weights that are running statistics of batch normalizations.
 * @param isTrained whether a weight is trained: where scale and offset stay as they are, so do the statistics
 */
export function statisticsOf(graph: Graph, isTrained: (name: string) => boolean): ReadonlySet<string> {
  const layers = graph.nodes.filter((node) => isNode(node, 'BatchNormalization'))
  const following = layers.filter(({ inputs }) => [1, 2].some((input) => isTrained(inputs[input] ?? '')))
  return new Set(
    following.flatMap(({ inputs }) => {
      const own = [inputs[MEAN] ?? '', inputs[VARIANCE] ?? '']
      return own.every((name) => graph.initializers.get(name)?.dtype === 'float32') ? own : []
    }),
  )
}

/** Inputs that say how an operator works: numbers, but nothing to learn. */
const SETTINGS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [MEAN, VARIANCE],
  Clip: [1, 2],
  DequantizeLinear: [1],
  Dropout: [1],
  OneHot: [2],
  Pad: [2],
  QuantizeLinear: [1],
  Range: [0, 1, 2],
  Resize: [1, 2],
  RotaryEmbedding: [1, 2],
}

/** Names of values that are settings of a node. */
export const settingsOf = (graph: Graph): ReadonlySet<string> =>
  new Set(
    graph.nodes.flatMap(({ opType, domain, inputs }) =>
      domain === '' ? (SETTINGS[opType] ?? []).map((input) => inputs[input] ?? '') : [],
    ),
  )

const isNode = ({ opType, domain }: Node, type: string): boolean => opType === type && domain === ''

const namesMadeBy = (nodes: readonly Node[]): string[] => nodes.flatMap(({ outputs }) => outputs)
