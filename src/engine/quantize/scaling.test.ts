import { describe, expect, it } from 'vitest'
import { referenceBackend } from '../../backends/reference/reference'
import { Random } from '../../core/random'
import { asFloat32 } from '../../core/tensor'
import { encodeOnnx } from '../../formats/onnx/encode'
import { buildModel, f32, node, tensorOf } from '../../testing/build-model'
import { testRuntime } from '../../testing/runtime'
import { scaleLayoutOf, type Granularity } from './granularity'
import type { IntegerType } from './integers'
import { chooseParameters } from './parameters'
import { integerBytes, scalingOf } from './scaling'
import { quantizedData, rangeOf } from './tensors'
import { dequantize } from './verbs'

const SYMMETRIC = { bits: 4, isSigned: true, scheme: 'symmetric' } as const
const ASYMMETRIC = { bits: 4, isSigned: false, scheme: 'asymmetric' } as const

/** Rows of another size each, one of them zero, with an outlier, shifted to one side. */
function weight(shape: readonly number[]) {
  const random = new Random(41)
  const count = shape.reduce((product, size) => product * size, 1)
  const row = count / (shape[0] as number)
  return f32(
    shape,
    Array.from({ length: count }, (_, i) => {
      const r = Math.floor(i / row)
      return r === 2 ? 0 : (random.normal() + 0.7) * (r + 1) * (i === 5 ? 30 : 1)
    }),
  )
}

async function quantized(shape: readonly number[], type: IntegerType, granularity: Granularity) {
  const tensor = { ...weight(shape), name: 'w' }
  const layout = scaleLayoutOf(shape, granularity)
  const parameters = chooseParameters(type, layout, await rangeOf(referenceBackend, tensor, layout))
  const data = quantizedData(referenceBackend, tensor, parameters)
  return { parameters, integers: { dtype: parameters.dtype, shape, data } }
}

describe('scales as DequantizeLinear takes them', () => {
  it.each<[string, readonly number[], IntegerType, Granularity, number]>([
    ['one scale', [5, 7], { bits: 8, isSigned: true, scheme: 'symmetric' }, { kind: 'tensor' }, 10],
    ['uint8 along axis 0', [5, 7], { ...ASYMMETRIC, bits: 8 }, { kind: 'channel', axis: 0 }, 13],
    ['7 bits along axis 1', [5, 7], { ...ASYMMETRIC, bits: 7 }, { kind: 'channel', axis: 1 }, 13],
    ['int16 along axis 2', [5, 3, 3], { ...SYMMETRIC, bits: 16 }, { kind: 'channel', axis: 2 }, 21],
    ['uint16', [5, 7], { ...ASYMMETRIC, bits: 16 }, { kind: 'tensor' }, 21],
    ['int4 along axis 0, odd', [5, 7], SYMMETRIC, { kind: 'channel', axis: 0 }, 21],
    ['int4 in groups of 16 along axis 0', [64, 7], SYMMETRIC, { kind: 'group', axis: 0, size: 16 }, 21],
    [
      'uint4 in groups of 32 along axis 0, the last short',
      [67, 5],
      ASYMMETRIC,
      { kind: 'group', axis: 0, size: 32 },
      21,
    ],
    ['uint4 in groups of 32 along axis 1', [7, 96], ASYMMETRIC, { kind: 'group', axis: 1, size: 32 }, 21],
    ['int4 in groups of 64 along axis 1, the last short', [3, 77], SYMMETRIC, { kind: 'group', axis: 1, size: 64 }, 21],
    ['uint4 in one short group of 128', [5, 99], ASYMMETRIC, { kind: 'group', axis: 1, size: 128 }, 21],
    ['uint4 in groups of 16 along a middle axis', [3, 35, 3], ASYMMETRIC, { kind: 'group', axis: 1, size: 16 }, 21],
  ])('%s: onnxruntime restores what we do', async (_, shape, type, granularity, opset) => {
    const { parameters, integers } = await quantized(shape, type, granularity)
    const scaling = scalingOf('w', shape, granularity, parameters)
    expect(scaling.opset).toBe(opset)
    const { scale, zeroPoint } = scaling
    const dq = node('DequantizeLinear', zeroPoint ? 'w_q w_scale w_zero' : 'w_q w_scale', 'w')
    for (const one of scaling.attributes) dq.attributes.set(one.name, one)
    const model = buildModel({
      inputs: { x: ['float32', []] },
      outputs: { y: ['float32', shape] },
      nodes: [dq, node('Add', 'w x', 'y')],
      initializers: { w_q: integers, w_scale: scale, ...(zeroPoint ? { w_zero: zeroPoint } : {}) },
      ...{ opset, irVersion: 10 },
    })
    const session = await (await testRuntime()).open(await encodeOnnx(model))
    const { outputs } = await session.run(new Map([['x', tensorOf('float32', [], [0])]]))
    await session.release()
    const bytes = await integers.data.read(0, integers.data.sizeBytes)
    // + 0: Add has turned -0 into +0
    const ours = (await dequantize(referenceBackend, bytes, parameters)).map((x) => x + 0)
    expect(asFloat32(outputs.get('y')!)).toEqual(ours)
  })

  it('have the shape with the axis divided by the block, rounded up, and names', async () => {
    const granularity = { kind: 'group', axis: 1, size: 32 } as const
    const { parameters } = await quantized([3, 100], ASYMMETRIC, granularity)
    const { scale, zeroPoint, attributes } = scalingOf('w', [3, 100], granularity, parameters)
    expect([scale.name, scale.shape]).toEqual(['w_scale', [3, 4]])
    expect([zeroPoint?.name, zeroPoint?.dtype, zeroPoint?.shape, zeroPoint?.data.sizeBytes]).toEqual([
      ...['w_zero', 'uint4', [3, 4], 6],
    ])
    expect(attributes.map(({ name }) => name)).toEqual(['block_size'])
  })

  it('has no form of blocks over several axes', async () => {
    const granularity = { kind: 'block', sizes: [2, 3] } as const
    const { parameters } = await quantized([4, 6], SYMMETRIC, granularity)
    expect(() => scalingOf('w', [4, 6], granularity, parameters)).toThrow('blocks along one axis only')
  })

  it('stores integers as their type does', () => {
    expect([...integerBytes('int4', [-8, 7, -1])]).toEqual([0x78, 0x0f])
    expect([...integerBytes('uint4', [15, 1, 3, 9])]).toEqual([0x1f, 0x93])
    expect([...integerBytes('int8', [-1, 127])]).toEqual([255, 127])
    expect([...integerBytes('int16', [-2, 513])]).toEqual([254, 255, 1, 2])
    expect([...integerBytes('uint16', [65535, 0])]).toEqual([255, 255, 0, 0])
  })
})
