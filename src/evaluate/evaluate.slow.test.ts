import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodePictureDecoder } from '../cli/pictures'
import type { Samples } from '../formats/format'
import { openSamples } from '../formats/samples'
import { i64 } from '../testing/build-model'
import { nodeSampleFiles } from '../testing/node-files'
import { testRuntime } from '../testing/runtime'
import { hasSharedData, sharedPath } from '../testing/shared-data'
import { evaluateModel } from './compare'

const bytesOf = (...parts: string[]) => new Uint8Array(readFileSync(sharedPath(...parts)))

async function accuracyOf(model: Uint8Array<ArrayBuffer>, samples: Samples, preprocess?: string) {
  const start = performance.now()
  const data = { kind: 'samples' as const, samples, ...(preprocess !== undefined && { preprocess }) }
  const { quality, notes } = await evaluateModel(await testRuntime(), model, data, { measureSpeed: false })
  console.log(
    samples.name,
    JSON.stringify({ preprocess: quality.preprocess, ...quality.task }),
    notes.map((note) => note.text),
    `${((performance.now() - start) / 1000).toFixed(1)} s`,
  )
  return { quality, notes }
}

async function samplesAt(...parts: string[]): Promise<Samples> {
  return openSamples(await nodeSampleFiles(sharedPath(...parts)), { decoder: nodePictureDecoder })
}

describe.skipIf(!hasSharedData)(
  'published accuracies of real models (needs ../shared/data)',
  { timeout: 300_000 },
  () => {
    it('gives ResNet-20 its 81.35 % on CIFAR-10, with the preset it was trained with and with the one found', async () => {
      const samples = await samplesAt('cifar10-images', 'test')
      const model = bytesOf('cifar10-resnet20', 'cifar10-resnet20.onnx')
      const { quality } = await accuracyOf(model, samples, 'imagenet')
      expect(quality.samples).toBe(2000)
      expect(quality.task?.before).toBeCloseTo(0.8135, 3)
      // The two presets differ by a thousandth of the range, so either may be right more often on 200 samples
      const found = await accuracyOf(model, samples)
      expect(['imagenet', 'cifar10']).toContain(found.quality.preprocess)
      expect(Math.abs((found.quality.task?.before ?? 0) - 0.8135)).toBeLessThanOrEqual(0.004)
    })

    it('finds the preset of SqueezeNet on ImageNet photos and its 60 %', async () => {
      const samples = await samplesAt('imagenet-samples')
      const model = bytesOf('squeezenet', 'SqueezeNet_fp32.onnx')
      const { quality } = await accuracyOf(model, samples, 'imagenet-caffe resize=256 crop=224')
      expect(Math.abs((quality.task?.before ?? 0) - 0.6)).toBeLessThanOrEqual(0.01)
      const chosen = await accuracyOf(model, samples)
      expect(chosen.quality.preprocess).toBe('imagenet-caffe')
    })

    it.each([
      ['mnist-burn', 0.9916, undefined, 'mnist'],
      ['mnist-cntk', 0.9891, 'raw', 'raw'],
    ])('gives %s its accuracy of %f on 10 000 digits', async (name, accuracy, given, preset) => {
      const files = await nodeSampleFiles(sharedPath('mnist', 't10k-images-idx3-ubyte.gz'))
      const samples = await openSamples(files, { decoder: nodePictureDecoder })
      const { quality } = await accuracyOf(bytesOf(name, 'mnist.onnx'), samples, given)
      expect(quality.preprocess).toBe(preset)
      expect(quality.samples).toBe(10_000)
      expect(quality.task?.before).toBeCloseTo(accuracy, 4)
    })

    it('gives stories260K its 1.2630 nats a token', async () => {
      const { quality } = await accuracyOf(bytesOf('stories260K', 'stories260K.onnx'), storySamples())
      expect(quality.task?.metric).toBe('nll')
      expect(quality.task?.before).toBeCloseTo(1.263, 4)
    })
  },
)

/** Each token is the label of the one before it. */
function storySamples(): Samples {
  const text = readFileSync(sharedPath('stories260K', 'eval_tokens.json'), 'utf8')
  const { tokens: sequences } = JSON.parse(text) as { tokens: number[][] }
  const length = (sequences[0] as number[]).length - 1
  const count = sequences.length
  const { bytes } = i64(
    [count, length],
    sequences.flatMap((sequence) => sequence.slice(0, -1)),
  )
  return {
    kind: 'arrays',
    name: 'eval_tokens.json',
    sha256: '0'.repeat(64),
    count,
    notes: [],
    arrays: new Map([['tokens', { dtype: 'int64', shape: [count, length], data: bytes }]]),
    labels: { shape: [length], values: Int32Array.from(sequences.flatMap((sequence) => sequence.slice(1))) },
  }
}
