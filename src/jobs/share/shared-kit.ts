import { methodMetas } from '../../methods'
import { APP_VERSION } from '../ports'
import type { Recipe } from '../recipe'
import type { Report } from '../report'
import { resolveRecipe } from '../steps'

/** A report as a job makes it, with hashes and figures that no two fields share. */

export const hashOf = (seed: number): string =>
  Array.from({ length: 64 }, (_, i) =>
    (((seed * 2654435761 + i * i * 40503 + i * 7919) >>> 11) & 15).toString(16),
  ).join('')

export const RECIPE: Recipe = resolveRecipe({
  version: 1,
  seed: 0,
  steps: [
    { method: 'tidy', options: {} },
    { method: 'weights-int8', options: {} },
  ],
})

export function sampleReport(layers = 0, recipe: Recipe = RECIPE): Report {
  return {
    version: 1,
    app: APP_VERSION,
    input: { name: 'client-x.onnx', format: 'onnx', sizeBytes: 46_801_214, gzipBytes: 43_339_107, sha256: hashOf(1) },
    output: {
      name: 'client-x.small.onnx',
      format: 'onnx',
      sizeBytes: 11_839_554,
      gzipBytes: 10_120_841,
      sha256: hashOf(2),
      isOriginal: false,
    },
    recipe: { ...recipe, data: [{ role: 'test', sha256: hashOf(3), samples: 500, preprocess: 'imagenet' }] },
    quality: {
      data: 'user',
      samples: 500,
      preprocess: 'imagenet',
      sqnrDb: 38.123456,
      cosine: 0.99991234567,
      top1Agreement: 0.994,
      task: { metric: 'accuracy', before: 0.8135, after: 0.8115, drop: 0.002, ci95: [-0.0041234, 0.0081234] },
      outputs: [{ name: 'secret_logits', sqnrDb: 38.1, cosine: 0.9999, maxAbsError: 0.1, isIdentical: false }],
      providers: [{ name: 'wasm', maxAbsError: 0.123456, cosine: 0.99991234567, ok: true }],
    },
    speed: [
      {
        provider: 'wasm',
        beforeMs: 61.23456,
        afterMs: 58.98765,
        beforeSpreadMs: [60, 63],
        afterSpreadMs: [58, 60],
        runs: 20,
      },
    ],
    timing: { totalMs: 9000, steps: [] },
    tensors: Array.from({ length: layers }, (_, i) => {
      const size = 64 * (1 + ((i * 7) % 16)) * 9 * 64
      return {
        name: `secret.layer${i >> 2}.${i % 4}.conv.weight`,
        from: 'float32' as const,
        to: i % 9 === 8 ? 'float32/removed' : 'int8',
        sizeBeforeBytes: size * 4,
        sizeAfterBytes: size + 256 * (1 + (i % 3)),
        sqnrDb: i % 9 === 8 ? null : 36 + ((i * 37) % 90) / 10 + 0.0123,
      }
    }),
    notes: [{ severity: 'info', text: 'a note that no link carries' }],
    alternatives: [],
  }
}

/** All methods at their defaults, one step each. */
export const EVERY_METHOD: Recipe = resolveRecipe({
  version: 1,
  seed: 7,
  steps: methodMetas.map(({ id }) => ({ method: id, options: {} })),
})
