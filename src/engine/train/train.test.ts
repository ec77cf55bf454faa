import { beforeAll, describe, expect, test } from 'vitest'
import type { Machine } from '../../backends/machine'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import { wasmLevels } from '../../testing/wasm-machines'
import type { Dataset } from '../data/dataset'
import { crossEntropy, mse } from '../losses'
import { adam, constant } from '../optim'
import { openEngine } from '../session'
import { mlp } from './networks'
import { train } from './train'
import type { TrainerOptions, TrainingCheckpoints } from './trainer'

/** Three classes in the plane: by the angle of a point, so that no straight line tells them apart. */
export function rings(count: number, seed: number): Dataset {
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
