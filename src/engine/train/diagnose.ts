/** Why the loss is not a number: the step is computed once more with all its values at hand. */
import type { Machine } from '../../backends/machine'
import { UsageError } from '../../core/errors'
import { isFloat, numbersOf, type HostArray } from '../../core/host-array'
import { cloneGraph, type Graph, type Node } from '../../graph/model'
import { openStateful } from '../stateful'
import { STEP, type TrainingGraphs } from './step-graph'

export interface Divergence {
  readonly feeds: ReadonlyMap<string, HostArray>
  /** Before the step. */
  readonly states: ReadonlyMap<string, HostArray>
  readonly at: { readonly epoch: number; readonly step: number; readonly rate: number }
  readonly machine: Machine | 'reference'
}

/** Weights beyond it have grown out of all proportion, whatever the model. */
const HUGE = 1e4

/** @returns an error with the step, the layer and the likely cause */
export async function explainDivergence(graphs: TrainingGraphs, divergence: Divergence): Promise<UsageError> {
  const { feeds, states, at } = divergence
  const where = `Training stopped in epoch ${at.epoch} at step ${at.step}: the loss is not a number.`
  const bad = [...feeds].find(([, array]) => firstBad(array) >= 0)
  if (bad) return new UsageError([where, badSample(...bad)].join(' '))
  const weight = [...states].find(([, array]) => firstBad(array) >= 0)
  if (weight) {
    return new UsageError(`${where} The weights ${weight[0]} were not numbers before it. ${LOWER(at.rate)}`)
  }
  const { graph } = graphs.graphs.get(STEP) as { graph: Graph }
  const node = await firstBadNode(graph, divergence)
  const largest = largestOf(states)
  const cause =
    largest.value > HUGE || !node || !(node.opType in OWN_CAUSES)
      ? `The likely cause is a learning rate that is too high: the weights of ${largest.name} had grown to ${largest.value.toPrecision(3)}. ${LOWER(at.rate)}`
      : (OWN_CAUSES[node.opType] as string)
  return new UsageError(`${where} ${node ? `The first such value is made by ${titleOf(node)}. ` : ''}${cause}`)
}

const LOWER = (rate: number) => `Train with a lower rate, e.g. --lr ${Number((rate / 10).toPrecision(2))}.`

/** Operators that make NaN or ∞ of ordinary numbers. */
const OWN_CAUSES: Readonly<Record<string, string>> = {
  Log: 'The likely cause is the logarithm of zero or of a negative number: a small constant added before it prevents that.',
  Sqrt: 'The likely cause is the root of a negative number.',
  Div: 'The likely cause is a division by zero: a small constant added to the divisor prevents that.',
  Reciprocal: 'The likely cause is a division by zero: a small constant added to the divisor prevents that.',
  Pow: 'The likely cause is a power of zero or of a negative number.',
}

function badSample(name: string, array: HostArray): string {
  const at = firstBad(array)
  const each = array.values.length / (array.shape[0] ?? 1)
  const value = numbersOf(array)[at]
  const sample = Math.ceil((at + 1) / each)
  return `The samples hold ${value} in ${name} (sample ${sample} of the batch): remove it or fill it in.`
}

/** Where the first NaN or ∞ stands; −1: nowhere. */
function firstBad(array: HostArray): number {
  return isFloat(array.dtype) ? numbersOf(array).findIndex((value) => !Number.isFinite(value)) : -1
}

function largestOf(states: ReadonlyMap<string, HostArray>): { name: string; value: number } {
  let found = { name: '', value: 0 }
  for (const [name, array] of states) {
    if (!isFloat(array.dtype) || name.includes('/')) continue
    for (const value of numbersOf(array)) if (Math.abs(value) > found.value) found = { name, value: Math.abs(value) }
  }
  return found
}

/** Every float value of the step becomes an output of it. */
async function firstBadNode(step: Graph, { feeds, states, machine }: Divergence): Promise<Node | undefined> {
  const graph = cloneGraph(step)
  graph.outputs = graph.nodes.flatMap(({ outputs }) => outputs.filter(Boolean).map((name) => ({ name })))
  const session = await openStateful({ states, graphs: new Map([[STEP, { graph, updates: new Map() }]]) }, { machine })
  try {
    const values = await session.run(STEP, feeds)
    const isBad = (name: string) => {
      const array = values.get(name)
      return array !== undefined && firstBad(array) >= 0
    }
    return graph.nodes.find(({ outputs }) => outputs.some(isBad))
  } finally {
    session.dispose()
  }
}

/** A node of the backward pass is named by its value, which tells what it belongs to. */
const titleOf = ({ opType, name, outputs }: Node): string => `${opType} "${name || (outputs[0] ?? '')}"`
