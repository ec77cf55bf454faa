/** Small models and data for tests of the search and of sensitivity. Not part of the product. */
import { Random } from '../../core/random'
import type { Samples } from '../../formats/format'
import { buildModel, f32, node, tensorOf } from '../../testing/build-model'
import type { UserData } from '../calibration-data'

function gaussian(shape: readonly number[], seed: number, scale = 1): number[] {
  const random = new Random(seed)
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => scale * random.normal())
}

/**
 * 13 inputs, three hidden layers, 5 classes. The weight of `bad` holds one outlier in each column that spoils the grid of
 * its channel, and that no input reaches: the row it stands in belongs to a unit that is always 0 after Relu.
 */
export function classifierWithOutlier() {
  const [w1, w2, w3, w4] = [
    gaussian([13, 31], 1, 0.3),
    gaussian([31, 29], 2, 0.25),
    gaussian([29, 37], 3, 0.25),
    gaussian([37, 5], 4, 0.3),
  ]
  for (let column = 0; column < 29; column++) w2![30 * 29 + column] = 60 + column
  const b1 = gaussian([31], 5, 0.1)
  b1[30] = -1e3
  return buildModel({
    inputs: { x: ['float32', ['batch', 13]] },
    outputs: { y: ['float32', ['batch', 5]] },
    nodes: [
      node('Gemm', 'x w1 b1', 'h1', {}, 'good1'),
      node('Relu', 'h1', 'r1', {}, 'relu1'),
      node('Gemm', 'r1 w2 b2', 'h2', {}, 'bad'),
      node('Relu', 'h2', 'r2', {}, 'relu2'),
      node('Gemm', 'r2 w3 b3', 'h3', {}, 'good2'),
      node('Relu', 'h3', 'r3', {}, 'relu3'),
      node('Gemm', 'r3 w4 b4', 'y', {}, 'last'),
    ],
    initializers: {
      ...{ w1: f32([13, 31], w1!), b1: f32([31], b1), w2: f32([31, 29], w2!), b2: f32([29], gaussian([29], 6, 0.1)) },
      ...{ w3: f32([29, 37], w3!), b3: f32([37], gaussian([37], 7, 0.1)) },
      ...{ w4: f32([37, 5], w4!), b4: f32([5], gaussian([5], 8, 0.1)) },
    },
  })
}

/** Seeded inputs without labels: the original's own answers are what is to be kept. */
export function userData(count: number, seed: number): UserData {
  const samples: Samples = {
    ...{ kind: 'arrays', name: `data-${seed}.npz`, sha256: seed.toString(16).padStart(64, '0'), count, notes: [] },
    arrays: new Map([['x', tensorOf('float32', [count, 13], gaussian([count, 13], seed))]]),
  }
  return { kind: 'samples', samples }
}
