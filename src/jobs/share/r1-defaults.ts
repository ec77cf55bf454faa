import type { Recipe } from '../recipe'

export type StepOptions = Recipe['steps'][number]['options']

/**
 * Options that links of version 1 leave out, because they have these values. This table belongs to the format of the
 * link, not to the methods: it never changes, whatever defaults later versions of a method have, so that an old link
 * goes on to mean what it meant. A new method may be added in a new version of the link only.
 */
export const R1_DEFAULTS: Readonly<Record<string, StepOptions>> = {
  tidy: {
    removeNoOps: true,
    foldConstants: true,
    foldBatchNorm: true,
    claimWeights: true,
    shareEqual: true,
    shareTransposed: true,
    narrowMasks: true,
    narrowFloat16: true,
    narrowIntegers: true,
    removeUnused: true,
    stripDocs: true,
    minBytes: 1024,
  },
  'weights-int8': {
    granularity: 'per-channel',
    scheme: 'symmetric',
    form: 'dequantize',
    minBytes: 1024,
    minSqnrDb: 20,
    include: '',
    exclude: '',
  },
  float16: { scope: 'weights', keepIo: true, minBytes: 1024, minSqnrDb: 40, exclude: '' },
}
