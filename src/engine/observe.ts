/**
 * Looking at values inside of a graph while it runs: ranges and histograms are found where the values are, and only these leave
 * the machine.
 */
import { observationOf, wordCount, wordsOf, type Observation, type Observer } from '../backends/observe'
import type { KernelCall, Operand } from '../backends/kernel-calls'
import { ShapeError } from '../core/errors'
import { numbersOf, type HostArray } from '../core/host-array'
import type { Graph, Node } from '../graph/model'
import { defineOperator, EXACT, notDifferentiable, type Operator } from '../ops/op'
import { roundedInput } from '../ops/quantization'
import type { BoundNode } from './node-context'
import { namesRead } from './plan/order'

export type Observers = ReadonlyMap<string, Observer>

/** A graph that computes what observers want instead of its outputs. */
export interface ObservedGraph {
  readonly graph: Graph
  readonly bound: readonly BoundNode[]
}

const DTYPES = ['float32', 'float16', 'bfloat16']

/**
 * Observers become nodes that read the observed values, so that whatever computes a graph computes them, too; what they do not
 * need is left out.
 * @param bound the nodes of `graph`, bound; nodes may be missing
 * @throws ShapeError for a value that the graph does not have
 */
export function withObservers(graph: Graph, bound: readonly BoundNode[], observers: Observers): ObservedGraph {
  const made = [...observers].map(([name, observer]) => observerNode(graph, name, observer))
  const needed = neededFor(graph, new Set(observers.keys()))
  return {
    graph: {
      ...graph,
      nodes: [...graph.nodes.filter((node) => needed.has(node)), ...made.map(({ node }) => node)],
      outputs: made.map(({ node }) => ({ name: node.outputs[0] as string })),
    },
    bound: [...bound.filter(({ node }) => needed.has(node)), ...made],
  }
}

/** Nodes of an ordered graph that the values depend on. */
function neededFor(graph: Graph, values: ReadonlySet<string>): ReadonlySet<Node> {
  const names = new Set(values)
  const needed = new Set<Node>()
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => names.has(name))) continue
    needed.add(node)
    for (const name of namesRead(node)) names.add(name)
  }
  return needed
}

/** Name of the value that an observer's node makes: no file can hold it. */
const outputOf = (name: string): string => `${name}\u0000observed`

function observerNode(graph: Graph, name: string, observer: Observer): BoundNode {
  checkName(graph, name)
  const node: Node = {
    ...{ name: '', opType: 'Observe', domain: 'plume', inputs: [name], outputs: [outputOf(name)] },
    attributes: new Map(),
  }
  return { node, operator: observerOperator(observer), attributes: {} }
}

function checkName({ inputs, initializers, nodes }: Graph, name: string): void {
  const isThere =
    initializers.has(name) ||
    inputs.some((input) => input.name === name) ||
    nodes.some(({ outputs }) => outputs.includes(name))
  if (!isThere || name === '') throw new ShapeError(`The model's main graph has no value ${name} to observe.`)
}

/** x → the words of its kernel call. */
function observerOperator(observer: Observer): Operator {
  const size = wordCount(observer)
  return defineOperator({
    name: 'Observe',
    domain: 'plume',
    attributes: {},
    inputs: [1, 1],
    infer(context) {
      if (!DTYPES.includes(context.dtype(0))) context.refuse(`observed values of type ${context.dtype(0)}`)
      return [{ dtype: 'uint32', shape: [size] }]
    },
    reference: (_, x) => [{ dtype: 'uint32', shape: [size], values: wordsOf(observer, floatsOf(x!)) }],
    gradient: notDifferentiable('it counts'),
    lower(context) {
      const { operand, calls } = roundedInput(context, 0)
      return [...calls, callOf(observer, operand, context.output(0))]
    },
    tolerance: EXACT,
  }) as unknown as Operator
}

function callOf(observer: Observer, input: Operand, output: Operand): KernelCall {
  if (observer.type === 'range') return { kernel: 'minMax', input, output }
  return { kernel: 'histogram', input, output, ...observer.at }
}

const floatsOf = (x: HostArray): Float32Array =>
  x.values instanceof Float32Array ? x.values : Float32Array.from(numbersOf(x))

/** What the outputs of an observed graph say, by the names of the observed values. */
export function observationsOf(
  observers: Observers,
  outputs: ReadonlyMap<string, HostArray>,
): Map<string, Observation> {
  return new Map(
    [...observers].map(([name, observer]) => {
      const words = outputs.get(outputOf(name)) as HostArray
      return [name, observationOf(observer, words.values as Uint32Array)] as const
    }),
  )
}

/** What observed graphs are told apart by. */
export const keyOfObservers = (observers: Observers): string => JSON.stringify([...observers])
