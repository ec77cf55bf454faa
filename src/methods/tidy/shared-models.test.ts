import { describe, expect, it } from 'vitest'
import { encodeOnnx } from '../../formats/onnx/encode'
import { hasSharedData } from '../../testing/shared-data'
import { expectTidyKeeps, FAST_MODELS, readShared } from '../../testing/tidy-models'
import { runTidy } from '../../testing/tidy-kit'

describe.skipIf(!hasSharedData)('real models (needs ../shared/data)', () => {
  it.each(FAST_MODELS)('$path: bit-identical without BatchNorm folding, 1e-5 with it, never bigger', expectTidyKeeps)

  it.each(FAST_MODELS)('$path: a second run finds nothing', async ({ path }) => {
    const once = await runTidy(await readShared(path))
    const twice = await runTidy(once.model)
    expect(twice.notes).toEqual(['Tidy found nothing to remove or to store smaller.'])
    expect(twice.model.edits).toBe(once.model.edits)
  })

  it.each([
    ['stories260K/stories260K.onnx', 0.48],
    ['squeezenet/SqueezeNet_fp32.onnx', 0.505],
    ['ultraface/version-RFB-320.onnx', 0.94],
    ['silero-vad/silero_vad.onnx', 0.975],
  ])('%s shrinks to %f or less', async (path, ratio) => {
    const before = await readShared(path)
    const { model } = await runTidy(before)
    const bytes = async (one: typeof model) => (await encodeOnnx(one)).byteLength
    expect((await bytes(model)) / (await bytes(before))).toBeLessThanOrEqual(ratio)
  })
})
