/** Weight-only methods give the same file on every backend: the bytes are decided on the host, from exact kernels (R7). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackend } from '../backends'
import type { Backend } from '../backends/backend'
import { referenceBackend } from '../backends/reference/reference'
import type { Gpu } from '../backends/webgpu/device'
import { createWebgpuBackend } from '../backends/webgpu/quantize'
import { resolveOptions } from '../core/options'
import { Random } from '../core/random'
import { storedCalibration } from '../engine/observers/stored'
import { encodeOnnx } from '../formats/onnx/encode'
import { loadQuantizeWasm } from '../testing/backends'
import { buildModel, f32, node } from '../testing/build-model'
import { methodContext } from '../testing/method-context'
import { testGpu } from '../testing/webgpu-device'
import { loadMethod, methodMetas, type MethodId } from './index'

const backends = new Map<string, Backend>([['reference', referenceBackend]])
let gpu: Gpu
beforeAll(async () => {
  backends.set('wasm', (await createBackend('wasm', loadQuantizeWasm)).backend)
  gpu = await testGpu()
  backends.set('webgpu', await createWebgpuBackend(gpu))
})
afterAll(() => gpu.dispose())

/**
 * Another spread per channel, a channel of zeros, one of denormals, one that counts as zero by a hair and one that does not, an
 * outlier, both zeros, and values halfway between two steps.
 */
function awkward(shape: readonly number[], axis: number, seed: number) {
  const random = new Random(seed)
  const channels = shape[axis] as number
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  const count = shape.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, (_, i) => {
    const channel = Math.floor(i / inner) % channels
    if (channel === 1) return i % 2 === 0 ? 0 : -0
    if (channel === 2) return (i % 5) * 1e-45
    if (channel === 3) return (i % 3) * 63 * 2 ** -126
    if (channel === 4) return (i % 3) * 64 * 2 ** -126
    // a scale of 1 / 8 for the symmetric scheme: many ties
    if (channel === 5) return i % 11 === 0 ? 15.875 : ((i % 200) - 90) / 16
    return random.normal() * 10 ** ((channel % 7) - 3) + 0.05
  })
  values[count - 1] = 31.7
  return f32(shape, values)
}

const model = buildModel({
  ...{ opset: 21, irVersion: 10 },
  inputs: { x: ['float32', ['n', 7, 9, 9]] },
  outputs: { y: ['float32'] },
  nodes: [
    node('Conv', 'x first', 'a', { pads: [1, 1, 1, 1] }),
    node('Relu', 'a', 'b'),
    node('ConvTranspose', 'b second', 'c'),
    node('GlobalAveragePool', 'c', 'd'),
    node('Flatten', 'd', 'e'),
    node('MatMul', 'e third', 'f'),
    node('Gemm', 'f fourth', 'g', { transB: 1 }),
    node('Add', 'g bias', 'y'),
  ],
  initializers: {
    first: awkward([19, 7, 3, 3], 0, 1),
    second: awkward([19, 13, 2, 3], 1, 2),
    third: awkward([13, 131], 1, 3),
    fourth: awkward([37, 131], 0, 4),
    bias: awkward([37], 0, 5),
  },
})

const CASES: readonly (readonly [MethodId, Record<string, unknown>])[] = [
  ['weights-int8', { minBytes: 0, minSqnrDb: 0 }],
  ['weights-int8', { minBytes: 0, minSqnrDb: 0, scheme: 'asymmetric' }],
  ['weights-int8', { minBytes: 0, minSqnrDb: 0, granularity: 'per-tensor', form: 'cast-multiply' }],
  ['weights-int8', {}],
  ['dynamic-int8', {}],
  ['dynamic-int8', { conv: true, granularity: 'per-tensor', reduceRange: false }],
  ['float16', { minBytes: 0 }],
  ['tidy', {}],
  ['static-int8', {}],
  ['static-int8', { target: 'ort-web', granularity: 'per-tensor' }],
  ['static-int8', { target: 'mobile', layers: 'type:MatMul=4 type:Gemm=16' }],
]

/** Ranges that end in no round numbers, one of them about zero. */
const calibration = storedCalibration({
  ...{ machine: 'wasm', samples: 3 },
  values: Object.fromEntries('xabcdefgy'.split('').map((name, i) => [name, [-0.37 * i, 1.13 + i / 7]])),
})

describe('the same file on every backend', () => {
  it('is tested for every method', () => {
    expect(new Set(CASES.map(([id]) => id))).toEqual(new Set(methodMetas.map(({ id }) => id)))
  })

  it.each(CASES)('%s with %j', async (id, given) => {
    const { options } = methodMetas.find((meta) => meta.id === id)!
    const method = await loadMethod(id)
    const results = []
    for (const [name, backend] of backends) {
      const { context, notes } = methodContext(backend)
      const { model: made, tensors } = await method.run(
        { ...context, calibration },
        model,
        resolveOptions(options, given, id),
      )
      results.push({ name, bytes: Buffer.from(await encodeOnnx(made)), tensors, notes })
    }
    const [expected, ...others] = results
    if (id !== 'tidy') expect(expected!.tensors.length).toBeGreaterThan(0)
    for (const { name, bytes, tensors, notes } of others) {
      expect(bytes.equals(expected!.bytes), name).toBe(true)
      expect({ tensors, notes }).toEqual({ tensors: expected!.tensors, notes: expected!.notes })
    }
  })
})
