import { describe, expect, it } from 'vitest'
import { buildModel, f32, i8, node, ramp } from '../testing/build-model'
import { describeModel } from './facts'

const io = { inputs: { x: ['float32', [1, 7]] }, outputs: { y: ['float32', [1, 5]] } } as const

describe('describeModel', () => {
  it('counts float bytes of initializers and constants, and finds nothing against a float model', () => {
    const facts = describeModel(
      buildModel({
        ...io,
        nodes: [
          node('Constant', '', 'w', { value: { tensor: { ...ramp([7, 5]), name: '' } } }),
          node('Gemm', 'x w b', 'y'),
        ],
        initializers: { b: f32([5], [1, 2, 3, 4, 5]) },
      }),
    )
    expect(facts).toEqual({
      isQuantized: false,
      quantizedOperators: [],
      isTreeEnsemble: false,
      unknownDomains: [],
      weightBytes: 160,
      floatBytes: 160,
    })
  })

  it('recognises weights behind DequantizeLinear', () => {
    const facts = describeModel(
      buildModel({
        ...io,
        nodes: [node('DequantizeLinear', 'q s', 'w'), node('MatMul', 'x w', 'y')],
        initializers: { q: i8([7, 5], new Array<number>(35).fill(3)), s: f32([], [0.5]) },
      }),
    )
    expect(facts.isQuantized).toBe(true)
    expect(facts.reasonUntouched).toContain('already quantized (DequantizeLinear)')
  })

  it('does not take a narrow mask beside float weights for a quantized model', () => {
    const facts = describeModel(
      buildModel({
        ...io,
        nodes: [node('DequantizeLinear', 'q s', 'm'), node('Mul', 'x m', 'z'), node('MatMul', 'z w', 'y')],
        initializers: { q: i8([1, 7], [0, 1, 0, 1, 0, 1, 1]), s: f32([], [1]), w: ramp([7, 5]) },
      }),
    )
    expect(facts.isQuantized).toBe(false)
    expect(facts.reasonUntouched).toBeUndefined()
  })

  it('recognises contrib operators on packed weights', () => {
    const facts = describeModel(
      buildModel({
        ...io,
        opsets: { 'com.microsoft': 1 },
        nodes: [node('com.microsoft:MatMulNBits', 'x q s', 'y', { K: 7, N: 5, bits: 4, block_size: 32 })],
        initializers: { q: i8([5, 1, 16], new Array<number>(80).fill(1)), s: f32([5], [1, 2, 3, 4, 5]) },
      }),
    )
    expect(facts.quantizedOperators).toEqual(['com.microsoft::MatMulNBits'])
    expect(facts.isQuantized).toBe(true)
  })

  it('recognises tree ensembles, unknown domains and models without weights', () => {
    const tree = buildModel({ ...io, nodes: [node('ai.onnx.ml:TreeEnsembleRegressor', 'x', 'y')] })
    expect(describeModel(tree).reasonUntouched).toContain('tree ensemble')
    const foreign = describeModel(buildModel({ ...io, nodes: [node('finn.custom_op.general:Other', 'x', 'y')] }))
    expect(foreign.unknownDomains).toEqual(['finn.custom_op.general'])
    expect(foreign.reasonUntouched).toBeUndefined()
    expect(describeModel(buildModel({ ...io, nodes: [node('Relu', 'x', 'y')] })).reasonUntouched).toContain(
      'no weights',
    )
  })
})
