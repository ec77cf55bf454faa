import { describe, expect, it } from 'vitest'
import { encodeOnnx } from '../../formats/onnx/encode'
import { hasSharedData } from '../../testing/shared-data'
import { SHARED_MODELS } from '../../testing/shared-models'
import { runTidy } from '../../testing/tidy-kit'
import { readShared } from '../../testing/tidy-models'
import { runModel } from '../../testing/method-context'
import { compress, runEngine, sqnrDb } from './test-kit'

/** [path, most of its size that is left, least SQNR in dB on the very input that it was calibrated on] */
const MODELS: [string, number, number][] = [
  ['cifar10-resnet20/cifar10-resnet20.onnx', 0.28, 20],
  ['squeezenet/SqueezeNet_fp32.onnx', 0.271, 15],
  ['mnist-burn/mnist.onnx', 0.26, 20],
  ['mnist-cntk/mnist.onnx', 0.42, 20],
  ['ultraface/version-RFB-320.onnx', 0.36, 20],
  ['super-resolution/super_resolution.onnx', 0.28, 15],
  ['silero-vad/silero_vad.onnx', 0.6, 10],
]

describe.skipIf(!hasSharedData)('real models (needs ../shared/data)', () => {
  it.each(MODELS)('%s in every preset', async (path, ratio, least) => {
    const before = await readShared(path)
    const [feeds] = SHARED_MODELS.find((model) => model.path === path)!.feeds
    const { model: tidy } = await runTidy(before)
    const expected = await runModel(before, feeds!)
    for (const target of ['ort-web', 'mobile', 'tensorrt']) {
      const { model } = await compress(tidy, [feeds!], { target })
      const sizes = [(await encodeOnnx(model)).byteLength, (await encodeOnnx(before)).byteLength] as const
      if (target === 'ort-web') expect(sizes[0] / sizes[1]).toBeLessThanOrEqual(ratio)
      const outputs = await runModel(model, feeds!)
      for (const [name, tensor] of expected) expect(sqnrDb(tensor, outputs.get(name)!), target).toBeGreaterThan(least)
      if (!path.startsWith('mnist')) continue
      const own = await runEngine(model, feeds!)
      for (const [name, tensor] of expected) expect(sqnrDb(tensor, own.get(name)!), target).toBeGreaterThan(least)
    }
  })
})
