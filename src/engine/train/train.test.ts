import { beforeAll, describe, expect, test } from 'vitest'
import type { Machine } from '../../backends/machine'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import { wasmLevels } from '../../testing/wasm-machines'
import type { Dataset } from '../data/dataset'
import { crossEntropy } from '../losses'
import { adam, constant, sgd } from '../optim'
import { openEngine } from '../session'
import { mlp } from './networks'
import { train } from './train'
import type { Trained, TrainerOptions } from './trainer'

/** Three classes in the plane that no straight line tells apart. */
function rings(count: number, seed: number): Dataset {
  const random = new Random(seed)
  const points = Array.from({ length: count }, () => [random.normal(), random.normal()] as const)
  const labels = points.map(([x, y]) => (x * x + y * y < 0.6 ? 0 : x * y > 0 ? 1 : 2))
  return {
    length: count,
    fields: new Map([
      ['features', { dtype: 'float32', shape: [2] }],
      ['target', { dtype: 'int64', shape: [] }],
    ]),
    read(indices, into) {
      const features = numbersOf(into.get('features') as HostArray)
      const targets = (into.get('target') as HostArray).values as BigInt64Array
      for (let i = 0; i < indices.length; i++) {
        features.set(points[indices[i] as number] as readonly [number, number], 2 * i)
        targets[i] = BigInt(labels[indices[i] as number] as number)
      }
    },
  }
}

const data = { train: rings(203, 1), validation: rings(90, 2) }
const network = () => mlp({ inputs: 2, layers: [16], outputs: 3 }, 7)

let machine: Machine
beforeAll(async () => {
  machine = await wasmLevels[0]!.make()
})

const options = (): TrainerOptions => ({
  ...{ machine, loss: crossEntropy(), optimizer: adam(), schedule: constant(), rate: 0.02 },
  ...{ epochs: 12, batchSize: 32, seed: 3 },
})

describe('training', () => {
  test('learns, keeps the best weights and says what happened in each epoch', async () => {
    const trained = await train(network(), data, options())
    const losses = trained.history.map(({ validationLoss }) => validationLoss)
    expect(losses).toHaveLength(12)
    expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] as number))
    expect(losses[trained.bestEpoch - 1]).toBe(Math.min(...losses))
    // the model that is given back has the weights of the best epoch
    expect(await lossOf(trained.model, data.validation)).toBeCloseTo(Math.min(...losses), 5)
  })

  test('gives the same on the reference and on WASM', async () => {
    const few = { ...options(), epochs: 2 }
    const onWasm = await train(network(), data, few)
    const onReference = await train(network(), data, { ...few, machine: 'reference' })
    for (const [name, { values }] of onReference.parameters) {
      const other = numbersOf(onWasm.parameters.get(name)!)
      numbersOf({ dtype: 'float32', shape: [], values }).forEach((value, i) => expect(other[i]).toBeCloseTo(value, 4))
    }
  })

  test('ends when validation gets no better, with the weights from before', async () => {
    const trained = await train(network(), data, { ...options(), epochs: 60, rate: 0.3, patience: 3 })
    expect(trained.history.length).toBe(trained.bestEpoch + 3 + 1)
  })

  test('frozen weights stay as they are, others do not', async () => {
    const before = network()
    const trained = await train(before, data, { ...options(), epochs: 1, frozen: ['layers.0.*'] })
    expect([...trained.parameters.keys()]).toEqual(['layers.1.weight', 'layers.1.bias'])
    const bytes = async (model: Trained['model'], name: string) => {
      const { data: stored } = model.graph.initializers.get(name)!
      return stored.read(0, stored.sizeBytes)
    }
    expect(await bytes(trained.model, 'layers.0.weight')).toEqual(await bytes(before, 'layers.0.weight'))
    expect(await bytes(trained.model, 'layers.1.weight')).not.toEqual(await bytes(before, 'layers.1.weight'))
  })

  test('a moving average of the weights is what is validated and kept', async () => {
    const trained = await train(network(), data, { ...options(), ema: 0.95 })
    const losses = trained.history.map(({ validationLoss }) => validationLoss)
    expect(await lossOf(trained.model, data.validation)).toBeCloseTo(Math.min(...losses), 5)
  })

  test('clipped gradients move weights by no more than the rate', async () => {
    const given = { ...options(), optimizer: sgd(), rate: 0.5, clipNorm: 0.01, epochs: 1, batchSize: 203 }
    const trained = await train(network(), data, given)
    const before = await train(network(), data, { ...given, rate: 1e-30 })
    let squares = 0
    for (const [name, array] of trained.parameters) {
      const old = numbersOf(before.parameters.get(name)!)
      numbersOf(array).forEach((value, i) => (squares += (value - old[i]!) ** 2))
    }
    expect(Math.sqrt(squares)).toBeCloseTo(0.5 * 0.01, 5)
  })

  test('samples must have the fields that the model takes', async () => {
    const other = mlp({ inputs: 2, layers: [], outputs: 3 }, 0)
    other.graph.inputs[0]!.name = 'pixels'
    other.graph.nodes[0]!.inputs[0] = 'pixels'
    await expect(train(other, data, options())).rejects.toThrow('The samples have no field pixels')
  })
})

describe('a loss that is not a number', () => {
  test('is explained by the rate where the weights had grown', async () => {
    const training = train(network(), data, { ...options(), optimizer: sgd(), rate: 1e20 })
    await expect(training).rejects.toThrow(/epoch 1 at step \d+: .*learning rate that is too high.*--lr 10+\./)
  })

  test('is explained by the samples where those are none', async () => {
    const broken: Dataset = {
      ...data.train,
      read(indices, into) {
        void data.train.read(indices, into)
        Array.from(indices).forEach((index, i) => {
          if (index === 77) (into.get('features') as HostArray).values[2 * i] = NaN
        })
      },
    }
    const training = train(network(), { ...data, train: broken }, options())
    await expect(training).rejects.toThrow(/The samples hold NaN in features \(sample \d+ of the batch\)/)
  })

  test('is explained by the operator that makes it', async () => {
    const model = network()
    const { nodes } = model.graph
    const relu = nodes.find(({ opType }) => opType === 'Relu')!
    relu.opType = 'Log'
    await expect(train(model, data, options())).rejects.toThrow(/made by Log "Relu".*logarithm of zero/)
  })
})

/** Mean cross-entropy, computed from what the finished model says. */
async function lossOf(model: Parameters<typeof openEngine>[0], samples: Dataset): Promise<number> {
  const session = await openEngine(model, { machine: 'reference' })
  const fields = new Map([
    ['features', hostArray('float32', [samples.length, 2], new Float32Array(2 * samples.length))],
    ['target', hostArray('int64', [samples.length], new BigInt64Array(samples.length))],
  ])
  await samples.read(
    Array.from({ length: samples.length }, (_, i) => i),
    fields,
  )
  const target = fields.get('target') as HostArray
  fields.delete('target')
  const logits = numbersOf((await session.run(fields)).get('logits') as HostArray)
  let sum = 0
  for (let i = 0; i < samples.length; i++) {
    const row = Array.from(logits.slice(3 * i, 3 * i + 3))
    sum += Math.log(row.reduce((total, z) => total + Math.exp(z), 0)) - (row[Number(target.values[i])] as number)
  }
  return sum / samples.length
}
