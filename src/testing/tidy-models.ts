/** Real models with inputs that make every branch run. Not part of the product. */
import { expect } from 'vitest'
import { Random } from '../core/random'
import { numberToFloat16, type Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import { onnx } from '../formats/onnx/onnx'
import type { Model } from '../graph/model'
import { nodeFileSet } from './node-files'
import { sharedPath } from './shared-data'
import { expectSameBits, randomFloats, relativeError, runModel, runTidy, type Feeds, type Optimize } from './tidy-kit'

export interface SharedModel {
  readonly path: string
  /** One set of inputs for each branch. */
  readonly feeds: readonly Feeds[]
}

const one = (name: string, shape: readonly number[]): Feeds[] => [new Map([[name, randomFloats(shape)]])]

function float16(shape: readonly number[]): Tensor {
  const floats = randomFloats(shape)
  const values = new Float32Array(floats.data.buffer, floats.data.byteOffset, floats.data.byteLength / 4)
  return { dtype: 'float16', shape, data: new Uint8Array(Uint16Array.from(values, numberToFloat16).buffer) }
}

function tokens(shape: readonly number[], limit: number): Tensor {
  const random = new Random(11)
  const count = shape.reduce((product, size) => product * size, 1)
  const values = BigInt64Array.from({ length: count }, () => BigInt(random.below(limit)))
  return { dtype: 'int64', shape, data: new Uint8Array(values.buffer) }
}

const voice = (samples: number, rate: number): Feeds =>
  new Map([
    ['input', randomFloats([1, samples])],
    ['state', randomFloats([2, 1, 128], 3)],
    ['sr', { dtype: 'int64', shape: [], data: new Uint8Array(BigInt64Array.of(BigInt(rate)).buffer) } as Tensor],
  ])

const without = (name: string, feeds: Feeds): Feeds => new Map([...feeds].filter(([key]) => key !== name))

const frame: Feeds = new Map([
  ['input_4', randomFloats([1, 1, 512])],
  ['input_5', randomFloats([1, 2, 128, 2], 3)],
])

export const FAST_MODELS: readonly SharedModel[] = [
  { path: 'mnist-cntk/mnist.onnx', feeds: one('Input3', [1, 1, 28, 28]) },
  { path: 'mnist-burn/mnist.onnx', feeds: one('input.1', [1, 1, 28, 28]) },
  { path: 'silero-vad/silero_vad.onnx', feeds: [voice(576, 16000), voice(288, 8000)] },
  { path: 'silero-vad/silero_vad_half.onnx', feeds: [without('sr', voice(576, 16000))] },
  { path: 'ultraface/version-RFB-320.onnx', feeds: one('input', [1, 3, 240, 320]) },
  { path: 'basic-pitch/nmp.onnx', feeds: one('serving_default_input_2:0', [1, 43844, 1]) },
  { path: 'hls4ml-jets/three_layer_keras.onnx', feeds: one('input_1_0', [1, 16]) },
  { path: 'squeezenet/SqueezeNet_fp16.onnx', feeds: [new Map([['data_0', float16([1, 3, 224, 224])]])] },
  { path: 'squeezenet/SqueezeNet_fp32.onnx', feeds: one('data_0', [1, 3, 224, 224]) },
  { path: 'dtln/model_2.onnx', feeds: [frame] },
  { path: 'cifar10-resnet20/cifar10-resnet20.onnx', feeds: one('input', [3, 3, 32, 32]) },
  { path: 'cifar10-resnet20-external/cifar10-resnet20.onnx', feeds: one('input', [3, 3, 32, 32]) },
  { path: 'stories260K/stories260K.onnx', feeds: [new Map([['tokens', tokens([2, 37], 512)]])] },
  { path: 'super-resolution/super_resolution.onnx', feeds: one('input', [1, 1, 224, 224]) },
]

export const SLOW_MODELS: readonly SharedModel[] = [
  { path: 'style-transfer/candy.onnx', feeds: one('inputImage', [1, 3, 720, 720]) },
  { path: 'hls4ml-jets/three_layer_pytorch.onnx', feeds: one('0', [789444, 16]) },
]

export async function readShared(path: string): Promise<Model> {
  return onnx.read(await nodeFileSet(sharedPath(...path.split('/'))))
}

/**
 * Runs as users run it, the optimizer on, are bit-identical. With the optimizer off, onnxruntime takes another GEMM
 * for weights that are constants than for the same weights behind a Reshape, and keeps float32 between neighbours
 * that have no float16 kernel, so there only rounding may differ.
 */
export async function expectTidyKeeps({ path, feeds }: SharedModel): Promise<void> {
  const before = await readShared(path)
  const exact = await runTidy(before, { foldBatchNorm: false })
  const full = await runTidy(before)
  const isHalf = before.graph.inputs[0]?.type?.kind === 'tensor' && before.graph.inputs[0].type.dtype === 'float16'
  for (const one of feeds) {
    await expectSameBits(before, exact.model, one, ['all'])
    await expectClose(before, exact.model, one, 'none', isHalf ? 2e-3 : 1e-5)
    await expectClose(before, full.model, one, 'all', 1e-5)
  }
  const [sizeBefore, sizeExact, sizeFull] = [
    (await encodeOnnx(before)).byteLength,
    (await encodeOnnx(exact.model)).byteLength,
    (await encodeOnnx(full.model)).byteLength,
  ]
  if (process.env['TIDY_TABLE'])
    console.log('|', path, '|', sizeBefore, '|', sizeExact, '|', sizeFull, '|', full.notes.join(' '))
  expect(sizeExact).toBeLessThanOrEqual(sizeBefore)
  expect(sizeFull).toBeLessThanOrEqual(sizeExact)
}

async function expectClose(before: Model, after: Model, feeds: Feeds, optimize: Optimize, limit: number) {
  const expected = await runModel(before, feeds, optimize)
  const found = await runModel(after, feeds, optimize)
  for (const [name, tensor] of expected) {
    const other = found.get(name)
    expect(other && relativeError(tensor, other), `${name}, ${optimize}`).toBeLessThanOrEqual(limit)
  }
}
