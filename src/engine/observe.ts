/**
 * Looking at values inside of a graph while it runs: ranges and histograms are found where the values are, and only these leave
 * the machine.
 */
import { observationOf, wordCount, wordsOf, type Look, type Observation, type Observer } from '../backends/observe'
import type { KernelCall, Operand } from '../backends/kernel-calls'
import { ShapeError } from '../core/errors'
import { numbersOf, type HostArray } from '../core/host-array'
import type { Graph, Node } from '../graph/model'
import { defineOperator, EXACT, notDifferentiable, type Operator } from '../ops/op'
import { roundedInput } from '../ops/quantization'
import type { BoundNode } from './node-context'
import { namesRead } from './plan/order'

/** By names of values; one value may be looked at in several ways. */
export type Observers = ReadonlyMap<string, Look | readonly Look[]>

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
  for (const name of observers.keys()) checkName(graph, name)
  const looks = looksOf(observers)
  const made = looks.flatMap(({ name, look, output }) =>
    look.type === 'value' ? [] : [observerNode(name, look, output)],
  )
  const needed = neededFor(graph, new Set(observers.keys()))
  const kept = graph.nodes.filter((node) => needed.has(node))
  const nodes = behindMakers(kept, made)
  const known = new Map([...bound, ...made].map((one) => [one.node, one]))
  return {
    graph: { ...graph, nodes, outputs: looks.map(({ output }) => ({ name: output })) },
    bound: nodes.flatMap((node) => known.get(node) ?? []),
  }
}

interface NamedLook {
  readonly name: string
  readonly look: Look
  /** The graph's output that holds what it finds. */
  readonly output: string
}

const looksOf = (observers: Observers): NamedLook[] =>
  [...observers].flatMap(([name, looks]) =>
    [looks].flat().map((look) => ({ name, look, output: look.type === 'value' ? name : outputOf(name, look) })),
  )

/** A value is looked at as soon as it is there, so that it lives no longer than without observers. */
function behindMakers(nodes: readonly Node[], made: readonly BoundNode[]): Node[] {
  const waiting = new Map<string, Node[]>()
  for (const { node } of made) {
    const [name = ''] = node.inputs
    waiting.set(name, [...(waiting.get(name) ?? []), node])
  }
  const take = (name: string): Node[] => {
    const found = waiting.get(name) ?? []
    waiting.delete(name)
    return found
  }
  const ordered = nodes.flatMap((node) => [node, ...node.outputs.flatMap(take)])
  return [...[...waiting.values()].flat(), ...ordered]
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
const outputOf = (name: string, { type }: Observer): string => `${name}\u0000${type}`

function observerNode(name: string, observer: Observer, output: string): BoundNode {
  const node: Node = {
    ...{ name: '', opType: 'Observe', domain: 'plume', inputs: [name], outputs: [output] },
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
  const found = new Map<string, Observation>()
  for (const { name, look, output } of looksOf(observers)) {
    const array = outputs.get(output) as HostArray
    const one = look.type === 'value' ? { value: array } : observationOf(look, array.values as Uint32Array)
    found.set(name, { ...found.get(name), ...one })
  }
  return found
}

/** What observed graphs are told apart by. */
export const keyOfObservers = (observers: Observers): string => JSON.stringify([...observers])
