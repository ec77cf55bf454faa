import { describe, expect, it } from 'vitest'
import { Random } from '../../core/random'
import { asNumbers, type Tensor } from '../../core/tensor'
import { encodeOnnx } from '../../formats/onnx/encode'
import { onnx } from '../../formats/onnx/onnx'
import { nodeFileSet } from '../../testing/node-files'
import { testRuntime } from '../../testing/runtime'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { bodies, cloneModel, type Model } from '../model'
import { liftOpset } from './index'

type Feeds = ReadonlyMap<string, Tensor>

function noise(shape: readonly number[], low: number, high: number): Tensor {
  const random = new Random(20240917)
  const count = shape.reduce((product, size) => product * size, 1)
  const values = Float32Array.from({ length: count }, () => low + (high - low) * random.uniform())
  return { dtype: 'float32', shape, data: new Uint8Array(values.buffer) }
}

function whole(shape: readonly number[], values: readonly number[]): Tensor {
  return { dtype: 'int64', shape, data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) }
}

async function run(model: Model, feeds: Feeds): Promise<Map<string, number[]>> {
  const session = await (await testRuntime()).open(await encodeOnnx(model))
  try {
    const { outputs } = await session.run(feeds)
    return new Map([...outputs].map(([name, t]) => [name, [...asNumbers(t)]]))
  } finally {
    await session.release()
  }
}

/** Largest difference of any output, in parts of that output's largest magnitude. */
function distance(before: Map<string, number[]>, after: Map<string, number[]>): number {
  expect([...after.keys()]).toEqual([...before.keys()])
  const parts = [...before].map(([name, values]) => {
    const other = after.get(name) ?? []
    expect(other.length).toBe(values.length)
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9)
    return values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (other[i] as number)) / scale), 0)
  })
  return Math.max(...parts)
}

interface Case {
  readonly path: readonly [string, string]
  readonly feeds: Readonly<Record<string, Tensor>>
  readonly targets: readonly number[]
  /** Operators that the lifted model must no longer have. */
  readonly gone?: readonly string[]
}

const CASES: readonly Case[] = [
  {
    path: ['squeezenet', 'SqueezeNet_fp32.onnx'],
    feeds: { data_0: noise([1, 3, 224, 224], -120, 130) },
    targets: [13, 21],
  },
  { path: ['mnist-cntk', 'mnist.onnx'], feeds: { Input3: noise([1, 1, 28, 28], 0, 255) }, targets: [13, 25] },
  {
    path: ['ultraface', 'version-RFB-320.onnx'],
    feeds: { input: noise([1, 3, 240, 320], -1, 0.9) },
    targets: [13, 21],
  },
  {
    path: ['super-resolution', 'super_resolution.onnx'],
    feeds: { input: noise([1, 1, 224, 224], 0, 1) },
    targets: [13, 21],
  },
  {
    path: ['hls4ml-jets', 'three_layer_keras.onnx'],
    feeds: { input_1_0: noise([1, 16], -2, 1.5) },
    targets: [13, 21],
  },
  {
    path: ['dtln', 'model_2.onnx'],
    feeds: { input_4: noise([1, 1, 512], -0.3, 0.4), input_5: noise([1, 2, 128, 2], -0.5, 0.4) },
    targets: [13, 21],
  },
  {
    path: ['basic-pitch', 'nmp.onnx'],
    feeds: { 'serving_default_input_2:0': noise([1, 43844, 1], -0.4, 0.5) },
    targets: [21],
  },
  {
    path: ['silero-vad', 'silero_vad.onnx'],
    feeds: { input: noise([1, 576], -0.4, 0.5), state: noise([2, 1, 128], -0.1, 0.2), sr: whole([], [16000]) },
    targets: [18, 21],
  },
  {
    path: ['silero-vad', 'silero_vad.onnx'],
    feeds: { input: noise([1, 288], -0.4, 0.5), state: noise([2, 1, 128], -0.1, 0.2), sr: whole([], [8000]) },
    targets: [21],
  },
  {
    path: ['stories260K', 'stories260K.onnx'],
    feeds: { tokens: whole([1, 7], [1, 403, 407, 261, 67, 9, 310]) },
    targets: [21, 25],
  },
  { path: ['mnist-burn', 'mnist.onnx'], feeds: { 'input.1': noise([1, 1, 28, 28], -0.4, 2.8) }, targets: [21] },
  {
    path: ['cifar10-resnet20', 'cifar10-resnet20.onnx'],
    feeds: { input: noise([3, 3, 32, 32], -2, 1.9) },
    targets: [21, 25],
  },
]

describe.skipIf(!hasSharedData)('lifting real models (needs ../shared/data)', () => {
  it.each(CASES.map((one) => [`${one.path[1]} ${Object.keys(one.feeds).length}`, one] as const))(
    '%s says the same at every opset',
    async (_, { path, feeds, targets }) => {
      const model = await onnx.read(await nodeFileSet(sharedPath(...path)))
      const inputs = new Map(Object.entries(feeds))
      const before = await run(model, inputs)
      for (const target of targets) {
        const lifted = cloneModel(model)
        const result = await liftOpset(lifted, target)
        expect(result.blockedBy).toEqual([])
        expect(distance(before, await run(lifted, inputs)), `opset ${target}`).toBeLessThan(2e-5)
      }
    },
    120_000,
  )

  it('the SqueezeNet test fails when only the number is raised', async () => {
    const model = await onnx.read(await nodeFileSet(sharedPath('squeezenet', 'SqueezeNet_fp32.onnx')))
    const inputs = new Map([['data_0', noise([1, 3, 224, 224], -120, 130)]])
    const raised = cloneModel(model)
    raised.opsets.set('', 13)
    raised.irVersion = 7
    raised.edits++
    // Dropout's ratio is the one thing that onnxruntime would refuse
    for (const node of raised.graph.nodes) if (node.opType === 'Dropout') node.attributes.delete('ratio')
    const outputs = await run(raised, inputs)
    expect([...outputs.values()][0]?.every((value) => value === 1)).toBe(true)
    expect(distance(await run(model, inputs), outputs)).toBeGreaterThan(0.5)
  }, 60_000)

  it('candy.onnx has no experimental operator left', async () => {
    const model = shrink(await onnx.read(await nodeFileSet(sharedPath('style-transfer', 'candy.onnx'))))
    const lifted = cloneModel(model)
    const result = await liftOpset(lifted, 13)
    expect(result.blockedBy).toEqual([])
    const left = new Set([...bodies(lifted)].flatMap((body) => body.nodes.map((node) => node.opType)))
    for (const gone of ['ImageScaler', 'Crop', 'Affine', 'Upsample']) expect(left.has(gone), gone).toBe(false)
    const inputs = new Map([['inputImage', noise([1, 3, 144, 144], 0, 255)]])
    expect(distance(await run(model, inputs), await run(lifted, inputs))).toBeLessThan(2e-5)
  }, 120_000)
})

/** Makes pictures of 720 × 720 pictures of 144 × 144, because one run at the full size takes seconds. */
function shrink(model: Model): Model {
  const free = cloneModel(model)
  free.graph.valueInfo.clear()
  for (const info of [...free.graph.inputs, ...free.graph.outputs]) {
    if (info.type?.kind === 'tensor' && info.type.shape?.length === 4 && !free.graph.initializers.has(info.name)) {
      info.type = { ...info.type, shape: ['n', 3, 'h', 'w'] }
      delete info.carried
    }
  }
  for (const node of free.graph.nodes) {
    // each is two larger than the picture at that depth
    const sizes = node.attributes.get('output_shape')
    if (sizes?.type !== 'ints') continue
    node.attributes.set('output_shape', { ...sizes, value: sizes.value.map((size) => (size - 2n) / 5n + 2n) })
  }
  free.edits++
  return free
}
