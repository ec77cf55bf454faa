/** Whole steps of training on every machine: states are those of the reference in double precision. */
import { describe, expect, it } from 'vitest'
import type { Machine } from '../backends/machine'
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import { Random } from '../core/random'
import { attribute } from '../graph/model'
import { planMachine } from '../testing/plan-machine'
import { wasmLevels } from '../testing/wasm-machines'
import { webgpuMachine } from '../testing/webgpu-machine'
import { differentiate } from './autodiff/differentiate'
import { GraphBuilder } from './build/graph-builder'
import { crossEntropy } from './losses'
import { adam } from './optim'
import { openStateful, type StatefulDefinition } from './stateful'

const machines: readonly (readonly [string, () => Promise<Machine>])[] = [
  ['plan', async () => planMachine],
  ...wasmLevels.map(({ name, make }) => [`wasm (${name})`, () => make()] as const),
  ['webgpu', () => webgpuMachine()],
]

const floats = (shape: readonly number[], scale: number, seed: number): HostArray => {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Array.from({ length: count }, () => random.normal() * scale),
  )
}

const BATCH = 5
const CLASSES = 3

interface Network {
  readonly sample: readonly number[]
  readonly parameters: readonly (readonly [name: string, shape: readonly number[]])[]
  predict(graph: GraphBuilder, x: string): string
}

const pads = attribute.ints('pads', [1, 1, 1, 1])
const halving = [attribute.ints('kernel_shape', [2, 2]), attribute.ints('strides', [2, 2])]

const NETWORKS: Readonly<Record<string, Network>> = {
  dense: {
    sample: [7],
    parameters: [
      ['w1', [7, 18]],
      ['b1', [18]],
      ['w2', [18, CLASSES]],
      ['b2', [CLASSES]],
    ],
    predict: (graph, x) => graph.add('Gemm', [graph.add('Relu', [graph.add('Gemm', [x, 'w1', 'b1'])]), 'w2', 'b2']),
  },
  convolutional: {
    sample: [2, 9, 7],
    parameters: [
      ['w1', [5, 2, 3, 3]],
      ['b1', [5]],
      ['w2', [18, 5, 3, 2]],
      ['w3', [18, CLASSES]],
      ['b3', [CLASSES]],
    ],
    predict(graph, x) {
      const first = graph.add('Relu', [graph.add('Conv', [x, 'w1', 'b1'], [pads])])
      const second = graph.add('Conv', [graph.add('MaxPool', [first], halving), 'w2'])
      return graph.add('Gemm', [graph.add('Flatten', [graph.add('MaxPool', [second], [halving[0]])]), 'w3', 'b3'])
    },
  },
}

function definitionOf({ sample, parameters, predict }: Network): StatefulDefinition {
  const graph = new GraphBuilder()
  const optimizer = adam()
  const states = new Map<string, HostArray>()
  const state = (name: string, first: HostArray) => {
    states.set(name, first)
    return graph.input(name, { dtype: 'float32', shape: first.shape })
  }
  for (const [i, [name, shape]] of parameters.entries()) state(name, floats(shape, 0.4, i + 1))
  const prediction = predict(graph, graph.input('x', { dtype: 'float32', shape: ['n', ...sample] }))
  const loss = crossEntropy()
  const value = loss.build(graph, prediction, graph.input('y', loss.target(graph.type(prediction))))
  const gradients = differentiate(
    graph,
    value,
    parameters.map(([name]) => name),
  )
  const scalars = new Map(
    optimizer.scalarNames.map((name) => [name, graph.input(name, { dtype: 'float32', shape: [] })]),
  )
  const updates = new Map<string, string>()
  for (const [name, shape] of parameters) {
    const own = new Map([...optimizer.states(shape)].map(([key, first]) => [key, state(`${name}.${key}`, first)]))
    const inputs = {
      parameter: name,
      gradient: gradients.get(name)!,
      scalars,
      states: own,
      weightDecay: 0,
      rateScale: 1,
    }
    const { parameter, states: moved } = optimizer.update(graph, inputs)
    updates.set(name, parameter)
    for (const [key, made] of moved) updates.set(own.get(key)!, made)
  }
  graph.output(value)
  return { states, graphs: new Map([['step', { graph: graph.graph, updates }]]) }
}

const feedsOf = ({ sample }: Network, step: number, batch = BATCH) =>
  new Map([
    ['x', floats([batch, ...sample], 1, 100 + step)],
    [
      'y',
      hostArray(
        'int64',
        [batch],
        Array.from({ length: batch }, (_, i) => (i * i + step) % CLASSES),
      ),
    ],
    ...adam()
      .scalars(step, 0.01)
      .map((value, i) => [adam().scalarNames[i]!, hostArray('float32', [], [value])] as const),
  ])

const STEPS = 4

async function trained(network: Network, machine: Machine | 'reference') {
  const session = await openStateful(definitionOf(network), { machine, isWide: machine === 'reference' })
  const losses: number[] = []
  for (let step = 1; step <= STEPS; step++) {
    // the last batch of an epoch is smaller
    const feeds = feedsOf(network, step, step === 3 ? 2 : BATCH)
    if (step === 2) await session.advance('step', feeds)
    else losses.push(...numbersOf([...(await session.run('step', feeds)).values()][0]!))
  }
  const states = await session.read()
  session.dispose()
  return { states, losses }
}

describe.each(Object.entries(NETWORKS))('steps of a %s network', (_, network) => {
  let reference: ReturnType<typeof trained> | undefined

  it.each(machines)('on %s', async (_name, make) => {
    const [expected, found] = [
      await (reference ??= trained(network, 'reference')),
      await trained(network, await make()),
    ]
    found.losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i]!, 4))
    for (const [name, array] of expected.states) {
      const values = numbersOf(found.states.get(name)!)
      numbersOf(array).forEach((value, i) => expect(Math.abs(values[i]! - value), `${name} ${i}`).toBeLessThan(3e-4))
    }
  })
})

it('runs a step in which every state is changed where it lies, on WASM without steps of the host', async () => {
  const session = await openStateful(definitionOf(NETWORKS['convolutional']!), { machine: await wasmLevels[0]!.make() })
  const { stages } = await session.explain('step', feedsOf(NETWORKS['convolutional']!, 1))
  const { steps, interpreted } = stages[0]!
  expect([stages.length, interpreted]).toEqual([1, []])
  expect(steps.filter(({ kernel }) => kernel === 'host')).toEqual([])
  const maps = steps.slice(-3 * NETWORKS['convolutional']!.parameters.length)
  expect(maps.map(({ kernel }) => kernel)).toEqual(maps.map(() => 'map'))
})
