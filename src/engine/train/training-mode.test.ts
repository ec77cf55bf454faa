import { describe, expect, it } from 'vitest'
import { fromTensor, hostArray, numbersOf, toTensor, type HostArray } from '../../core/host-array'
import { uniformAt } from '../../core/threefry'
import { buildModel, node } from '../../testing/build-model'
import { loadTensor } from '../../graph/constants'
import { tensorFromBytes, type Model, type Node } from '../../graph/model'
import { mse } from '../losses'
import { constant, sgd } from '../optim'
import type { Dataset } from '../data/dataset'
import { train } from './train'
import { openStateful } from '../stateful'
import { RANDOM_STATE } from '../build/random'
import { BATCH_WEIGHT, buildTrainingGraphs, EVALUATE, scalarInput, STEP } from './step-graph'
import { makeTrainable } from './trainable'

const weights: Record<string, HostArray> = {
  scale: hostArray('float32', [2], [1, 2]),
  offset: hostArray('float32', [2], [0.5, -0.5]),
  mean: hostArray('float32', [2], [1, -1]),
  variance: hostArray('float32', [2], [4, 0.25]),
  ratio: hostArray('float32', [], [0.25]),
  weight: hostArray('float32', [2, 1], [3, -2]),
}

function model(nodes: readonly Node[], opset = 25): Model {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs))
  return buildModel({
    opset,
    inputs: { x: ['float32', ['batch', 2]] },
    outputs: { y: ['float32', ['batch', 1]] },
    nodes,
    initializers: Object.fromEntries(
      Object.entries(weights)
        .filter(([name]) => used.has(name))
        .map(([name, array]) => {
          const { dtype, shape, data } = toTensor(array)
          return [name, tensorFromBytes(name, dtype, shape, data)]
        }),
    ),
  })
}

const NORMALIZED = node('BatchNormalization', 'x scale offset mean variance', 'n', { epsilon: { float: 0 } })
const layers = [NORMALIZED, node('Dropout', 'n ratio', 'd'), node('MatMul', 'd weight', 'y')]
const x = hostArray('float32', [3, 2], [1, 2, 3, -4, 8, 5])

const numbersInto = (into: ReadonlyMap<string, HostArray>, name: string) => into.get(name)!.values as Float32Array

const opened = async (given: Model, frozen: readonly string[] = []) => {
  const trainable = await makeTrainable(given, frozen)
  const options = { loss: mse(), optimizer: sgd(), seed: 11 }
  const graphs = buildTrainingGraphs(trainable, options)
  const session = await openStateful(graphs, { machine: 'reference' })
  const feeds = new Map([
    ['x', x],
    ['target', hostArray('float32', [3, 1], [0, 0, 0])],
    [BATCH_WEIGHT, hostArray('float32', [], [3])],
    ...options.optimizer.scalarNames.map((name) => [scalarInput(name), hostArray('float32', [], [0])] as const),
  ])
  return { trainable, graphs, session, feeds }
}

describe('training mode', () => {
  it('lets running statistics follow the batch, and evaluates with them', async () => {
    const { trainable, graphs, session, feeds } = await opened(model(layers))
    expect([...trainable.parameters.keys()]).toEqual(['scale', 'offset', 'weight'])
    expect([...trainable.statistics.keys()]).toEqual(['mean', 'variance'])
    await session.advance(STEP, feeds)
    const states = await session.read()
    // moments of the columns [1 3 8] and [2 -4 5]: 4, 1 and 26/3, 14
    const followed = (name: string) => [...numbersOf(states.get(name)!)].map((value) => value.toFixed(5))
    expect(followed('mean')).toEqual(['1.30000', '-0.80000'])
    expect(followed('variance')).toEqual([(3.6 + 26 / 30).toFixed(5), (0.225 + 1.4).toFixed(5)])
    expect([...numbersOf(states.get(RANDOM_STATE)!)]).toEqual([11, 1])
    const found = await session.run(
      EVALUATE,
      new Map([
        ['x', x],
        ['target', feeds.get('target')!],
      ]),
    )
    const first = 3 * ((1 - 1.3) / Math.sqrt(3.6 + 26 / 30) + 0.5) - 2 * ((2 * (2 + 0.8)) / Math.sqrt(1.625) - 0.5)
    expect(numbersOf(found.get(graphs.prediction)!)[0]).toBeCloseTo(first, 4)
    session.dispose()
  })

  it('leaves out what the key says', async () => {
    const { graphs } = await opened(model([node('Dropout', 'x ratio', 'd'), node('MatMul', 'd weight', 'y')]))
    const { graph, updates } = graphs.graphs.get(STEP)!
    graph.outputs.push({ name: 'd' })
    const session = await openStateful(
      { ...graphs, graphs: new Map([[STEP, { graph, updates }]]) },
      { machine: 'reference' },
    )
    const feeds = new Map([
      ['x', x],
      ['target', hostArray('float32', [3, 1], [0, 0, 0])],
    ])
    for (const { name } of graph.inputs)
      if (!feeds.has(name) && !graphs.states.has(name)) feeds.set(name, hostArray('float32', [], [0]))
    for (const step of [0, 1]) {
      const found = await session.run(STEP, feeds)
      const expected = [...numbersOf(x)].map((value, i) =>
        uniformAt([11, step], 1, i) < 0.25 ? 0 : Math.fround(value * Math.fround(1 / 0.75)),
      )
      expect([...numbersOf(found.get('d')!)]).toEqual(expected)
    }
    session.dispose()
  })

  it('keeps the statistics of a layer that is frozen', async () => {
    const { trainable, graphs } = await opened(model(layers), ['scale', 'offset'])
    expect([...trainable.parameters.keys()]).toEqual(['weight'])
    expect([...trainable.statistics.keys()]).toEqual([])
    const { graph, updates } = graphs.graphs.get(STEP)!
    const [layer] = graph.nodes.filter(({ opType }) => opType === 'BatchNormalization')
    expect(layer?.attributes.has('training_mode')).toBe(false)
    expect([...updates.keys()]).not.toContain('mean')
  })

  it('evaluates a model that was exported while training as it will be used', async () => {
    const exported = [
      node('BatchNormalization', 'x scale offset mean variance', 'n next_mean next_variance', { training_mode: 1 }),
      node('Constant', '', 'yes', { value_int: 1 }),
      node('Cast', 'yes', 'on', { to: 9 }),
      node('Dropout', 'n ratio on', 'd'),
      node('MatMul', 'd weight', 'y'),
    ]
    const { graphs } = await opened(model(exported))
    const { graph } = graphs.graphs.get(EVALUATE)!
    const [normalization, dropout] = graph.nodes.filter(({ opType }) => /Normalization|Dropout/.test(opType))
    expect([normalization?.outputs, normalization?.attributes.size, dropout?.inputs]).toEqual([
      ['n'],
      0,
      ['n', 'ratio'],
    ])
  })

  it('gives back a model with the statistics that it was validated with', async () => {
    const samples: Dataset = {
      length: 3,
      fields: new Map([
        ['x', { dtype: 'float32', shape: [2] }],
        ['target', { dtype: 'float32', shape: [1] }],
      ]),
      read(indices, into) {
        for (let i = 0; i < indices.length; i++) {
          numbersInto(into, 'x').set(numbersOf(x).subarray(2 * indices[i]!, 2 * indices[i]! + 2), 2 * i)
          numbersInto(into, 'target')[i] = i
        }
      },
    }
    const options = { machine: 'reference', loss: mse(), optimizer: sgd(), schedule: constant(), rate: 1e-3 } as const
    const amounts = { epochs: 1, batchSize: 3, seed: 1 }
    const trained = await train(model(layers), { train: samples, validation: samples }, { ...options, ...amounts })
    const means = numbersOf(fromTensor(await loadTensor(trained.model.graph.initializers.get('mean')!)))
    expect([...means].map((value) => value.toFixed(5))).toEqual(['1.30000', '-0.80000'])
  })

  it('says which weights stay as they are', async () => {
    const half = { name: 'half', dtype: 'float16' as const, shape: [1, 2], data: new Uint8Array([0, 0x3c, 0, 0xc0]) }
    const given = model([...layers, node('Cast', 'half', 'whole', { to: 1 })])
    given.graph.initializers.set('half', tensorFromBytes('half', half.dtype, half.shape, half.data))
    const { notes } = await makeTrainable(given)
    expect(notes.map(({ node: name, text }) => `${name}: ${text}`)).toEqual([
      'half: It is float16 and stays as it is: weights of float32 are trained.',
    ])
  })

  it('refuses a Dropout whose ratio is computed', async () => {
    const nodes = [
      node('ReduceMean', 'x', 'r', { keepdims: 0 }),
      node('Dropout', 'x r', 'd', {}, 'half'),
      node('MatMul', 'd weight', 'y'),
    ]
    await expect(opened(model(nodes))).rejects.toThrow(
      'Dropout "half": its ratio r is computed, and must be known to train the model.',
    )
  })
})
