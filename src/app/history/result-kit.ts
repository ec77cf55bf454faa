import type { ResultSummary } from '../../workers/store-api'

interface Given extends Partial<Omit<ResultSummary, 'input' | 'output' | 'recipe' | 'quality'>> {
  readonly id: string
  readonly inputSha256?: string
  readonly inputBytes?: number
  readonly sizeBytes?: number
  readonly format?: string
  readonly method?: string
  readonly quality?: Partial<ResultSummary['quality']>
}

/** A result as the store lists it, for tests: what is not given is like any other's. */
export function result(given: Given): ResultSummary {
  const { inputSha256 = 'a'.repeat(64), inputBytes = 1000, sizeBytes = 250, format = 'onnx', method, ...rest } = given
  const name = rest.name ?? 'model.onnx'
  return {
    createdAt: 0,
    isPinned: false,
    isAuto: true,
    data: null,
    speed: [],
    keptBytes: sizeBytes,
    isDamaged: false,
    ...rest,
    name,
    input: { name, format, sizeBytes: inputBytes, sha256: inputSha256 },
    output: { name: `small-${name}`, format, sizeBytes, sha256: 'c'.repeat(64), isOriginal: false },
    recipe: { version: 1, seed: 0, steps: [{ method: method ?? 'weights-int8', options: {} }] },
    quality: { data: 'user', samples: 8, sqnrDb: 40, cosine: 0.999, providers: [], ...rest.quality },
  }
}
