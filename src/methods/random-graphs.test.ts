import { beforeAll, describe, expect, it } from 'vitest'
import { RuntimeFailure } from '../core/errors'
import { resolveOptions } from '../core/options'
import { asNumbers, type Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Model } from '../graph/model'
import { methodContext, runModel } from '../testing/method-context'
import { randomModel, type RandomModel } from '../testing/random-graphs-kit'
import { loadMethod, methodMetas, type MethodId } from './index'

/** FUZZ_SEED repeats a run, FUZZ_RUNS makes it longer. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const runs = Number(process.env['FUZZ_RUNS'] ?? 120)

type Outputs = ReadonlyMap<string, Tensor>

async function compress(model: Model, id: MethodId, given: Record<string, unknown>): Promise<Model> {
  const { options } = methodMetas.find((meta) => meta.id === id) as (typeof methodMetas)[number]
  const method = await loadMethod(id)
  const { context } = methodContext()
  return (await method.run(context, model, resolveOptions(options, given, id))).model
}

/** Largest difference ÷ largest magnitude, over finite numbers; infinite where shape, dtype or a special value differs. */
function difference(expected: Outputs, found: Outputs): number {
  let worst = expected.size === found.size ? 0 : Infinity
  for (const [name, tensor] of expected) {
    const other = found.get(name)
    if (other?.dtype !== tensor.dtype || other.shape.join() !== tensor.shape.join()) return Infinity
    const [a, b] = [asNumbers(tensor), asNumbers(other)]
    const scale = a.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 1e-30)
    a.forEach((value, i) => {
      const error = Object.is(value, b[i]) ? 0 : Math.abs(value - (b[i] as number)) / scale
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error)
    })
  }
  return worst
}

const LOSSY: readonly (readonly [MethodId, Record<string, unknown>])[] = [
  ['weights-int8', { minBytes: 0, minSqnrDb: 0 }],
  ['weights-int8', { minBytes: 0, form: 'cast-multiply', granularity: 'per-tensor' }],
  ['float16', { minBytes: 0 }],
  ['float16', { minBytes: 0, scope: 'graph' }],
]

describe(`methods on random graphs (FUZZ_SEED=${seed})`, () => {
  console.log(`random graphs: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`)
  const models: (RandomModel & { at: number })[] = []

  // onnxruntime's own optimizer fails on about one model in a thousand, before any method saw it.
  beforeAll(async () => {
    for (let at = seed; at < seed + runs; at++) {
      const made = randomModel(at)
      const isRun = await runModel(made.model, made.feeds).then(
        () => true,
        (error) => !(error instanceof RuntimeFailure),
      )
      if (isRun) models.push({ at, ...made })
    }
    expect(models.length).toBeGreaterThan(0.9 * runs)
  })

  // Not to the bit: onnxruntime adds in another order where a MatMul's matrix became a constant or stopped being one, and
  // fuses more where a dead reader went away.
  it('tidy changes nothing but the last bits and makes no larger file; with BatchNorm folding it is equal to 1e-5', async () => {
    for (const { at, model, feeds } of models) {
      const exact = await compress(model, 'tidy', { foldBatchNorm: false, minBytes: 256 })
      for (const optimize of ['all', 'none'] as const) {
        const error = difference(await runModel(model, feeds, optimize), await runModel(exact, feeds, optimize))
        expect(error, `exact at FUZZ_SEED=${at}, ${optimize}`).toBeLessThan(1e-6)
      }
      const size = (await encodeOnnx(exact)).byteLength
      expect(size, `bytes at FUZZ_SEED=${at}`).toBeLessThanOrEqual((await encodeOnnx(model)).byteLength)
      const folded = await compress(model, 'tidy', { minBytes: 256 })
      const error = difference(await runModel(model, feeds), await runModel(folded, feeds))
      expect(error, `folded at FUZZ_SEED=${at}`).toBeLessThan(1e-5)
    }
  })

  it.each(LOSSY)('%s %j gives a model that runs, with the same outputs in name, dtype and shape', async (id, given) => {
    for (const { at, model, feeds } of models) {
      const small = await compress(model, id, given)
      const [before, after] = [await runModel(model, feeds), await runModel(small, feeds)]
      const kinds = (outputs: Outputs) => [...outputs].map(([name, { dtype, shape }]) => ({ name, dtype, shape }))
      expect(kinds(after), `outputs at FUZZ_SEED=${at}`).toEqual(kinds(before))
    }
  })
})
