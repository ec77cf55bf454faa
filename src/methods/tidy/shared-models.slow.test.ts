import { describe, it } from 'vitest'
import { hasSharedData } from '../../testing/shared-data'
import { expectTidyKeeps, SLOW_MODELS } from '../../testing/tidy-models'

describe.skipIf(!hasSharedData)('real models that take seconds a run (needs ../shared/data)', () => {
  it.each(SLOW_MODELS)('$path: bit-identical without BatchNorm folding, 1e-5 with it, never bigger', expectTidyKeeps)
})
