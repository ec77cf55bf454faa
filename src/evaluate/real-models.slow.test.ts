import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testRuntime } from '../testing/runtime'
import { hasSharedData, sharedPath } from '../testing/shared-data'
import { evaluateModel } from './compare'
import { syntheticData } from './synthetic'
import { readModel } from '../formats/onnx/read-model'
import { memorySource, singleFile } from '../core/bytes'
import { asNumbers } from '../core/tensor'

/** Model, samples that are made up for it, and whether it makes decisions. */
const MODELS: [path: string, samples: number, decides: boolean][] = [
  ['basic-pitch/nmp.onnx', 17, false],
  ['cifar10-resnet20/cifar10-resnet20.onnx', 32, true],
  ['dtln/model_2.onnx', 32, false],
  ['hls4ml-jets/three_layer_keras.onnx', 32, true],
  ['hls4ml-jets/three_layer_pytorch.onnx', 789_444, true],
  ['mnist-burn/mnist.onnx', 32, true],
  ['mnist-cntk/mnist.onnx', 32, true],
  ['silero-vad/silero_vad.onnx', 32, false],
  ['silero-vad/silero_vad_half.onnx', 32, false],
  ['squeezenet/SqueezeNet_fp16.onnx', 13, true],
  ['squeezenet/SqueezeNet_fp32.onnx', 13, true],
  ['stories260K/stories260K.onnx', 32, true],
  ['style-transfer/candy.onnx', 1, false],
  ['super-resolution/super_resolution.onnx', 4, false],
  ['ultraface/version-RFB-320.onnx', 8, true],
]

const bytesOf = (path: string) => new Uint8Array(readFileSync(sharedPath(...path.split('/'))))

describe.skipIf(!hasSharedData)('made-up inputs for real models (needs ../shared/data)', { timeout: 300_000 }, () => {
  it.each(MODELS)('%s', async (path, samples, decides) => {
    const start = performance.now()
    const { quality, speed, notes } = await evaluateModel(await testRuntime(), bytesOf(path), {
      kind: 'synthetic',
      seed: 0,
    })
    console.log(
      path,
      quality.samples,
      quality.top1Agreement,
      speed[0]?.beforeMs,
      speed[0]?.runs,
      notes.length,
      `${Math.round(performance.now() - start)} ms`,
    )
    expect(quality).toMatchObject({ data: 'synthetic', samples, sqnrDb: null })
    expect(quality.top1Agreement !== undefined).toBe(decides)
    expect(quality.outputs.every((output) => output.isIdentical)).toBe(true)
  })

  it('gives silero both sample rates', async () => {
    const bytes = bytesOf('silero-vad/silero_vad.onnx')
    const session = await (await testRuntime()).open(bytes)
    const model = await readModel(singleFile(memorySource(bytes)))
    const data = await syntheticData(model, session, { seed: 0 })
    const rates = new Set<number>()
    for await (const { feeds } of data.batches()) rates.add(asNumbers(feeds.get('sr')!)[0] as number)
    expect(rates).toEqual(new Set([16000, 8000]))
    expect(data.notes).toEqual([])
  })

  it('names the node of the model that cannot run', async () => {
    const evaluating = evaluateModel(await testRuntime(), bytesOf('hls4ml-jets/three_layer_bn_keras.onnx'), {
      kind: 'synthetic',
      seed: 0,
    })
    await expect(evaluating).rejects.toMatchObject({ name: 'RuntimeFailure', node: 'BatchNormalization__' })
  })
})
