/** A step of training as the product runs it: graph, gradients, optimizer, plan. Bundled for pages and for Node. */
import { createWasmMachine } from '../../src/backends/wasm/machine'
import type { Machine } from '../../src/backends/machine'
import type { Bytes } from '../../src/core/bytes'
import { hostArray, type HostArray } from '../../src/core/host-array'
import { adam } from '../../src/engine/optim/adam'
import { bceWithLogits } from '../../src/engine/losses/binary'
import { crossEntropy } from '../../src/engine/losses/classes'
import { openStateful, type StatefulDefinition, type StatefulSession } from '../../src/engine/stateful'
import { attribute } from '../../src/graph/model'
import { GraphBuilder } from '../../src/engine/build/graph-builder'
import { differentiate } from '../../src/engine/autodiff/differentiate'
import type { Optimizer } from '../../src/engine/optim/optimizer'
import type { Feeds } from '../../src/engine/session'

/** One of bench/training/problem.mjs. */
export interface Problem {
  readonly network: NetworkName
  readonly batch: number
  readonly sample: readonly number[]
  readonly samples: Float32Array
  readonly targets: ArrayLike<number>
  readonly parameters: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly values: Float32Array
  }[]
}

/** Networks that all contestants have, with a state for each parameter. */
class Network {
  readonly builder = new GraphBuilder()
  readonly states: Map<string, HostArray>

  constructor({ parameters }: Problem) {
    this.states = new Map(parameters.map(({ name, shape, values }) => [name, hostArray('float32', shape, values)]))
    for (const { name, shape } of parameters) this.builder.input(name, { dtype: 'float32', shape })
  }

  linear = (x: string, name: string): string => this.builder.add('Gemm', [x, `${name}.w`, `${name}.b`])

  conv = (x: string, name: string): string =>
    this.builder.add('Conv', [x, `${name}.w`, `${name}.b`], [attribute.ints('pads', [1, 1, 1, 1])])

  relu = (x: string): string => this.builder.add('Relu', [x])

  pool = (x: string): string =>
    this.builder.add('MaxPool', [x], [attribute.ints('kernel_shape', [2, 2]), attribute.ints('strides', [2, 2])])
}

const NETWORKS = {
  mlp: {
    loss: bceWithLogits(),
    build(net: Network, x: string): string {
      const second = net.relu(net.linear(net.relu(net.linear(x, 'first')), 'second'))
      return net.linear(second, 'last')
    },
    targets: ({ batch, targets }: Problem) => hostArray('float32', [batch, 1], targets),
  },
  cnn: {
    loss: crossEntropy(),
    build(net: Network, x: string): string {
      const first = net.pool(net.relu(net.conv(x, 'first')))
      const second = net.pool(net.relu(net.conv(first, 'second')))
      return net.linear(net.builder.add('Flatten', [second]), 'last')
    },
    targets: ({ batch, targets }: Problem) => hostArray('int64', [batch], targets),
  },
}

export type NetworkName = keyof typeof NETWORKS

const RATE = 1e-3
const BETAS = [0.9, 0.999] as const

export interface Training {
  readonly session: StatefulSession
  readonly feeds: Feeds
  /** One step of Adam, on the same samples every time. */
  step(): Promise<void> | undefined
  loss(): Promise<number>
}

export const openWasm = (bytes: Bytes): Promise<Machine> => createWasmMachine(bytes)

export async function open(machine: Machine, problem: Problem): Promise<Training> {
  const optimizer = adam({ betas: BETAS })
  const session = await openStateful(stepOf(problem, optimizer), { machine })
  const { batch, sample, samples } = problem
  const x = hostArray('float32', [batch, ...sample], samples)
  const scalars = optimizer.scalarNames.map((scalar) => [scalar, hostArray('float32', [], [0])] as const)
  const feeds = new Map([['x', x], ['y', NETWORKS[problem.network].targets(problem)], ...scalars])
  let count = 0
  return {
    session,
    feeds,
    step() {
      count++
      const values = optimizer.scalars(count, RATE)
      for (let i = 0; i < scalars.length; i++) scalars[i]![1].values[0] = values[i]!
      return session.advance('step', feeds)
    },
    loss: async () => Number((await session.read(['last loss'])).get('last loss')!.values[0]),
  }
}

/** Forward, loss, backward and Adam as one graph; the loss is a state, so that nothing need be read in between. */
function stepOf(problem: Problem, optimizer: Optimizer): StatefulDefinition {
  const { loss, build } = NETWORKS[problem.network]
  const net = new Network(problem)
  const { builder, states } = net
  const prediction = build(net, builder.input('x', { dtype: 'float32', shape: ['batch', ...problem.sample] }))
  const target = builder.input('y', loss.target(builder.type(prediction)))
  const value = loss.build(builder, prediction, target)
  const parameters = [...states.keys()]
  const gradients = differentiate(builder, value, parameters)
  const scalars = new Map(
    optimizer.scalarNames.map((scalar) => [scalar, builder.input(scalar, { dtype: 'float32', shape: [] })]),
  )
  const updates = new Map<string, string>()
  for (const parameter of parameters) {
    const own = new Map<string, string>()
    for (const [suffix, first] of optimizer.states(states.get(parameter)!.shape)) {
      states.set(`${parameter}.${suffix}`, first)
      own.set(suffix, builder.input(`${parameter}.${suffix}`, { dtype: first.dtype, shape: first.shape }))
    }
    const given = { parameter, gradient: gradients.get(parameter)!, states: own, scalars, rateScale: 1, weightDecay: 0 }
    const updated = optimizer.update(builder, given)
    updates.set(parameter, updated.parameter)
    for (const [suffix, made] of updated.states) updates.set(own.get(suffix)!, made)
  }
  states.set('last loss', hostArray('float32', [], [0]))
  updates.set('last loss', value)
  return { states, graphs: new Map([['step', { graph: builder.graph, updates }]]) }
}
