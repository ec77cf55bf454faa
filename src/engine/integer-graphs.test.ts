import { describe, expect, it } from 'vitest'
import type { Machine } from '../backends/machine'
import type { DType } from '../core/dtypes'
import { hostArray, toTensor } from '../core/host-array'
import { tensorFromBytes } from '../graph/model'
import { buildModel, f32, node, ramp, type AttributeLike } from '../testing/build-model'
import { check, wave } from '../testing/plan-kit'
import { wasmLevels } from '../testing/wasm-machines'

const stored = (dtype: DType, shape: readonly number[], values: ArrayLike<number>) =>
  tensorFromBytes('', dtype, shape, toTensor(hostArray(dtype, shape, values)).data)

const RANGES = {
  int4: [-8, 7],
  uint4: [0, 15],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-300, 300],
  uint16: [0, 600],
}

/** Integers over the whole range of a type. */
function integers(dtype: keyof typeof RANGES, shape: readonly number[]) {
  const [low, high] = RANGES[dtype] as [number, number]
  const count = shape.reduce((product, size) => product * size, 1)
  return stored(
    dtype,
    shape,
    Array.from({ length: count }, (_, i) => low + ((i * 7919) % (high - low + 1))),
  )
}

let machine: Promise<Machine> | undefined
const wasm = () => (machine ??= wasmLevels[0]!.make())

/** Computes on the WASM machine, compares with the reference, and says what ran on the host. */
async function hosted(given: ReturnType<typeof buildModel>, shape: readonly number[]): Promise<string[]> {
  const explained = await check(given, { x: wave(shape) }, await wasm())
  expect(explained.stages.length).toBe(1)
  return explained.stages.flatMap(({ steps, interpreted }) => [
    ...steps.filter(({ kernel }) => kernel === 'host').map(({ nodes, detail }) => `${nodes.join()}: ${detail}`),
    ...interpreted.map(({ node: title, why }) => `${title}: ${why}`),
  ])
}

describe.each(['int8', 'uint8', 'int16', 'uint16'] as const)(
  'layers between QuantizeLinear and DequantizeLinear of %s',
  (dtype) => {
    it('run on the device', async () => {
      const scale = dtype.endsWith('16') ? 0.01 : 0.03
      const isSigned = dtype.startsWith('int')
      const pair = (name: string) => [
        node('QuantizeLinear', `${name} scale zero`, `${name}_q`),
        node('DequantizeLinear', `${name}_q scale zero`, `${name}_dq`),
      ]
      const graph = buildModel({
        opset: 21,
        irVersion: 10,
        inputs: { x: ['float32', [2, 3, 7, 5]] },
        outputs: { y_dq: ['float32'] },
        nodes: [
          ...pair('x'),
          node('DequantizeLinear', 'w ws', 'w_dq', { axis: 0 }),
          node('DequantizeLinear', 'b bs', 'b_dq', { axis: 0 }),
          node('Conv', 'x_dq w_dq b_dq', 'c', { pads: [1, 1, 1, 1] }),
          node('Relu', 'c', 'r'),
          ...pair('r'),
          node('MaxPool', 'r_dq', 'p', { kernel_shape: [2, 2] }),
          ...pair('p'),
          node('Add', 'p_dq p_dq', 'a'),
          ...pair('a'),
          node('Flatten', 'a_dq', 'f'),
          node('DequantizeLinear', 'v vs', 'v_dq', { axis: 1 }),
          node('MatMul', 'f v_dq', 'y'),
          ...pair('y'),
        ],
        initializers: {
          scale: f32([], [scale]),
          zero: stored(dtype, [], [isSigned ? -5 : 100]),
          w: integers('int8', [4, 3, 3, 3]),
          ws: f32([4], [0.001, 0.002, 0.003, 0.0005]),
          b: stored('int32', [4], [100000, -7, 3, 20]),
          bs: f32([4], [0.00001, 0.00002, 0.00003, 0.000005]),
          v: integers('int8', [96, 3]),
          vs: f32([3], [0.0001, 0.0002, 0.0003]),
        },
      })
      expect(await hosted(graph, [2, 3, 7, 5])).toEqual([])
    })
  },
)

describe.each(['int4', 'uint4'] as const)('weights of %s', (dtype) => {
  it.each([
    ['in blocks of rows', [32, 5], [4, 5], { axis: 0, block_size: 8 }],
    ['in blocks of columns', [32, 6], [32, 3], { axis: 1, block_size: 2 }],
  ])('%s are computed while planning', async (_name, shape, scales, attributes) => {
    const graph = buildModel({
      opset: 21,
      irVersion: 10,
      inputs: { x: ['float32', [3, 32]] },
      outputs: { y: ['float32'] },
      nodes: [node('DequantizeLinear', 'w s z', 'w_dq', attributes), node('MatMul', 'x w_dq', 'y')],
      initializers: { w: integers(dtype, shape), s: ramp(scales), z: integers(dtype, scales) },
    })
    expect(await hosted(graph, [3, 32])).toEqual([])
  })
})

describe('integer operators', () => {
  const initializers = {
    xs: f32([], [0.03]),
    xz: stored('uint8', [], [100]),
    w: integers('int8', [4, 3, 3, 3]),
    ws: f32([4], [0.01, 0.02, 0.003, 0.005]),
    wz: stored('int8', [4], [0, 0, 0, 0]),
    v: integers('int8', [5, 3]),
    vs: f32([3], [0.01, 0.02, 0.03]),
    vz: stored('int8', [3], [0, 0, 0]),
    b: stored('int32', [4], [100000, -7, 3, 20]),
  }
  const run = (shape: readonly number[], nodes: ReturnType<typeof node>[]) =>
    hosted(buildModel({ inputs: { x: ['float32', shape] }, outputs: { y: ['float32'] }, nodes, initializers }), shape)
  const one = (opType: string, inputs: string, output: string, attributes: Record<string, AttributeLike> = {}) =>
    node(opType, inputs, output, attributes)

  it('of convolutions, sums and pooling run on the device', async () => {
    const found = await run(
      [2, 3, 7, 5],
      [
        one('QuantizeLinear', 'x xs xz', 'q'),
        one('QLinearConv', 'q xs xz w ws wz xs xz b', 'c'),
        one('com.microsoft:QLinearAdd', 'c xs xz c xs xz xs xz', 'a'),
        one('com.microsoft:QLinearAveragePool', 'a xs xz xs xz', 'p', { kernel_shape: [2, 2] }),
        one('com.microsoft:QLinearLeakyRelu', 'p xs xz xs xz', 'l'),
        one('com.microsoft:QLinearConcat', 'xs xz l xs xz p xs xz', 'cat', { axis: 1 }),
        one('com.microsoft:QLinearGlobalAveragePool', 'cat xs xz xs xz', 'g'),
        one('DequantizeLinear', 'g xs xz', 'y'),
      ],
    )
    expect(found).toEqual([])
  })

  it('of matrices run on the device, with scales found while they run', async () => {
    const found = await run(
      [4, 7, 5],
      [
        one('DynamicQuantizeLinear', 'x', 'q s z'),
        one('MatMulInteger', 'q v z vz', 'i'),
        one('Cast', 'i', 'f', { to: 1 }),
        one('com.microsoft:DynamicQuantizeMatMul', 'x v vs vz', 'd'),
        one('Add', 'f d', 'y'),
      ],
    )
    expect(found).toEqual([])
  })

  it('of sums beyond what float32 holds run on the device', async () => {
    const graph = buildModel({
      inputs: { x: ['float32', [2, 5000]] },
      outputs: { y: ['float32'] },
      nodes: [
        one('DynamicQuantizeLinear', 'x', 'q s z'),
        one('MatMulInteger', 'q u z', 'i'),
        one('Cast', 'i', 'y', { to: 1 }),
      ],
      initializers: { u: integers('int8', [5000, 3]) },
    })
    expect(await hosted(graph, [2, 5000])).toEqual([])
  })
})
