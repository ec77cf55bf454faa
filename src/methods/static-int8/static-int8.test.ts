import { describe, expect, it } from 'vitest'
import { buildModel, node } from '../../testing/build-model'
import { compare, input, weights } from './test-kit'

const residual = buildModel({
  inputs: { x: ['float32', [1, 5, 9, 11]] },
  outputs: { y: ['float32'] },
  nodes: [
    node('Conv', 'x w1 b1', 'a', { pads: [1, 1, 1, 1] }, 'first'),
    node('Relu', 'a', 'b'),
    node('Conv', 'b w2', 'c', { pads: [1, 1, 1, 1] }, 'second'),
    node('Add', 'c b', 'd', {}, 'sum'),
    node('Relu', 'd', 'e'),
    node('Conv', 'e w2', 'f', { pads: [1, 1, 1, 1] }, 'third'),
    node('GlobalAveragePool', 'f', 'g', {}, 'pool'),
    node('Flatten', 'g', 'h'),
    node('Gemm', 'h w3 b3', 'y', { transB: 1 }, 'last'),
  ],
  initializers: {
    w1: weights([7, 5, 3, 3]),
    b1: weights([7], 0, 2),
    w2: weights([7, 7, 3, 3], 0, 3),
    w3: weights([13, 7], 0, 4),
    b3: weights([13], 0, 6),
  },
})

describe('static-int8', () => {
  it('places pairs around products and what lies between them', async () => {
    const result = await compare(residual, new Map([['x', input([1, 5, 9, 11])]]))
    expect(result.ort).toBeGreaterThan(25)
    expect(result.engine).toBeGreaterThan(25)
  })
})
