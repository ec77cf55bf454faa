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
import { Random } from '../../src/core/random'
import { GraphBuilder } from '../../src/engine/build/graph-builder'
import { differentiate } from '../../src/engine/autodiff/differentiate'
import type { Optimizer } from '../../src/engine/optim/optimizer'
import type { Feeds } from '../../src/engine/session'

const flat = (size: number, deviation: number, seed: number): number[] => {
  const random = new Random(seed)
  return Array.from({ length: size }, () => random.normal() * deviation)
}

/** Networks that all contestants have, with a state for each parameter. */
class Network {
  readonly builder = new GraphBuilder()
  readonly states = new Map<string, HostArray>()

  parameter(name: string, shape: readonly number[], deviation: number): string {
    const size = shape.reduce((product, one) => product * one, 1)
    this.states.set(name, hostArray('float32', shape, flat(size, deviation, this.states.size + 1)))
    return this.builder.input(name, { dtype: 'float32', shape })
  }

  linear(x: string, name: string, from: number, to: number): string {
    const [w, b] = [this.parameter(`${name}.w`, [from, to], 1 / Math.sqrt(from)), this.parameter(`${name}.b`, [to], 0)]
    return this.builder.add('Gemm', [x, w, b])
  }

  conv(x: string, name: string, from: number, to: number): string {
    const w = this.parameter(`${name}.w`, [to, from, 3, 3], 1 / Math.sqrt(9 * from))
    const b = this.parameter(`${name}.b`, [to], 0)
    return this.builder.add('Conv', [x, w, b], [attribute.ints('pads', [1, 1, 1, 1])])
  }

  relu = (x: string): string => this.builder.add('Relu', [x])

  pool = (x: string): string =>
    this.builder.add('MaxPool', [x], [attribute.ints('kernel_shape', [2, 2]), attribute.ints('strides', [2, 2])])
}

const NETWORKS = {
  mlp: {
    sample: [30],
    loss: bceWithLogits(),
    build(net: Network, x: string): string {
      const first = net.relu(net.linear(x, 'first', 30, 64))
      return net.linear(net.relu(net.linear(first, 'second', 64, 32)), 'last', 32, 1)
    },
  },
  cnn: {
    sample: [1, 28, 28],
    loss: crossEntropy(),
    build(net: Network, x: string): string {
      const first = net.pool(net.relu(net.conv(x, 'first', 1, 16)))
      const second = net.pool(net.relu(net.conv(first, 'second', 16, 32)))
      return net.linear(net.builder.add('Flatten', [second]), 'last', 1568, 10)
    },
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

/** @param samples of the whole batch, one after the other */
export async function open(
  machine: Machine,
  name: NetworkName,
  batch: { readonly samples: HostArray; readonly targets: HostArray },
): Promise<Training> {
  const optimizer = adam({ betas: BETAS })
  const session = await openStateful(stepOf(name, optimizer), { machine })
  const scalars = optimizer.scalarNames.map((scalar) => [scalar, hostArray('float32', [], [0])] as const)
  const feeds = new Map([['x', batch.samples], ['y', batch.targets], ...scalars])
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
function stepOf(name: NetworkName, optimizer: Optimizer): StatefulDefinition {
  const { sample, loss, build } = NETWORKS[name]
  const net = new Network()
  const { builder, states } = net
  const prediction = build(net, builder.input('x', { dtype: 'float32', shape: ['batch', ...sample] }))
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

export { hostArray }
