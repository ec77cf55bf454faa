import { describe, expect, it } from 'vitest'
import { createBackend } from '../backends'
import { resolveOptions } from '../core/options'
import { asNumbers, type Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import { onnx } from '../formats/onnx/onnx'
import type { Model } from '../graph/model'
import { loadQuantizeWasm } from '../testing/backends'
import { methodContext } from '../testing/method-context'
import { nodeFileSet } from '../testing/node-files'
import { testRuntime } from '../testing/runtime'
import { hasSharedData, sharedPath } from '../testing/shared-data'
import { loadMethod, type MethodId } from '.'
import { SHARED_MODELS } from '../testing/shared-models'

type Outputs = Map<string, Tensor>
type Steps = readonly (readonly [MethodId, object])[]

/** Size of the result ÷ original, and the worst output's SQNR in dB over all inputs. */
async function apply(path: string, feeds: readonly ReadonlyMap<string, Tensor>[], steps: Steps) {
  const model = await onnx.read(await nodeFileSet(sharedPath(...path.split('/'))))
  const { context } = methodContext((await createBackend('wasm', loadQuantizeWasm)).backend)
  let small: Model = model
  for (const [id, given] of steps) {
    const method = await loadMethod(id)
    small = (await method.run(context, small, resolveOptions(method.meta.options, { ...given }, id))).model
  }
  const [before, after] = [await run(model, feeds), await run(small, feeds)]
  const sqnrDb = Math.min(...before.outputs.map((outputs, i) => worst(outputs, after.outputs[i] as Outputs)))
  return { ratio: after.sizeBytes / before.sizeBytes, sqnrDb, ms: [before.ms, after.ms] }
}

async function run(model: Model, feeds: readonly ReadonlyMap<string, Tensor>[]) {
  const bytes = await encodeOnnx(model)
  const session = await (await testRuntime()).open(bytes)
  const outputs: Outputs[] = []
  let ms = Infinity
  for (const feed of feeds) outputs.push((await session.run(feed)).outputs)
  for (let i = 0; i < 3; i++) ms = Math.min(ms, (await session.run(feeds[0] as Outputs)).ms)
  await session.release()
  return { outputs, ms, sizeBytes: bytes.byteLength }
}

function worst(before: Outputs, after: Outputs): number {
  return Math.min(
    ...[...before].map(([name, tensor]) => {
      const [x, y] = [asNumbers(tensor), asNumbers(after.get(name) as Tensor)]
      const noise = x.reduce((sum, value, i) => sum + (value - (y[i] as number)) ** 2, 0)
      return noise === 0 ? Infinity : 10 * Math.log10(x.reduce((sum, value) => sum + value * value, 0) / noise)
    }),
  )
}

const TIDY_INT8: Steps = [
  ['tidy', {}],
  ['weights-int8', {}],
]
const INT8: Steps = [['weights-int8', {}]]
const FAST_INT8: Steps = [['weights-int8', { form: 'cast-multiply' }]]
const HALF: Steps = [['float16', {}]]
const HALF_GRAPH: Steps = [['float16', { scope: 'graph' }]]

/** [largest size ratio, lowest SQNR in dB] of int8 after tidy, int8 alone, and float16. */
const LIMITS: Readonly<Record<string, Readonly<Record<'tidyInt8' | 'int8' | 'half', readonly [number, number]>>>> = {
  'mnist-cntk/mnist.onnx': { tidyInt8: [0.36, 28], int8: [0.36, 28], half: [0.57, 60] },
  'mnist-burn/mnist.onnx': { tidyInt8: [0.27, 45], int8: [0.27, 45], half: [0.52, 55] },
  'silero-vad/silero_vad.onnx': { tidyInt8: [0.3, 22], int8: [0.32, 22], half: [0.55, 50] },
  'silero-vad/silero_vad_half.onnx': { tidyInt8: [0.3, 22], int8: [0.3, 22], half: [0.53, 40] },
  'ultraface/version-RFB-320.onnx': { tidyInt8: [0.38, 45], int8: [0.38, 45], half: [0.54, 60] },
  'basic-pitch/nmp.onnx': { tidyInt8: [0.56, 20], int8: [0.56, 20], half: [0.71, 40] },
  'hls4ml-jets/three_layer_keras.onnx': { tidyInt8: [0.4, 28], int8: [0.4, 28], half: [0.58, 55] },
  'squeezenet/SqueezeNet_fp16.onnx': { tidyInt8: [0.52, 25], int8: [0.52, 25], half: [1, Infinity] },
  'squeezenet/SqueezeNet_fp32.onnx': { tidyInt8: [0.262, 25], int8: [0.262, 25], half: [0.51, 100] },
  'dtln/model_2.onnx': { tidyInt8: [0.265, 30], int8: [0.265, 30], half: [0.51, 60] },
  'cifar10-resnet20/cifar10-resnet20.onnx': { tidyInt8: [0.275, 28], int8: [0.275, 28], half: [0.52, 60] },
  // alone, weights-int8 leaves the causal mask, which is 45 % of the file
  'stories260K/stories260K.onnx': { tidyInt8: [0.3, 42], int8: [0.64, 42], half: [0.75, 65] },
  'super-resolution/super_resolution.onnx': { tidyInt8: [0.27, 25], int8: [0.27, 25], half: [0.51, 60] },
}

describe.skipIf(!hasSharedData)('methods on real models (needs ../shared/data)', () => {
  it.each(SHARED_MODELS)('$path', { timeout: 300_000 }, async ({ path, feeds }) => {
    const limits = LIMITS[path]
    if (!limits) throw new Error(`no limits for ${path}`)
    const variants: [string, Steps, readonly [number, number]][] = [
      ['tidy, int8', TIDY_INT8, limits.tidyInt8],
      ['int8', INT8, limits.int8],
      ['int8 cast-multiply', FAST_INT8, [limits.int8[0] + 0.005, limits.int8[1]]],
      ['float16', HALF, limits.half],
      ['float16 graph', HALF_GRAPH, [limits.half[0], Math.min(55, limits.half[1]) - 10]],
    ]
    for (const [name, steps, [ratioLimit, sqnrLimit]] of variants) {
      const { ratio, sqnrDb, ms } = await apply(path, feeds, steps)
      const times = ms.map((time) => time.toFixed(2)).join(' → ')
      console.log(`${path} | ${name} | ${ratio.toFixed(4)}× | ${sqnrDb.toFixed(1)} dB | ${times} ms`)
      expect(ratio, `${name}: size`).toBeLessThanOrEqual(ratioLimit)
      expect(sqnrDb, `${name}: SQNR`).toBeGreaterThanOrEqual(sqnrLimit)
    }
  })
})
