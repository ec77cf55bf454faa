import type { Recipe } from '../../jobs/recipe'

/** A recipe for any file: its data, and the ranges that came of them, belong to the one that it was used for. */
export const withoutData = ({ version, seed, steps }: Recipe): Recipe => ({
  version,
  seed,
  steps: steps.map(({ method, options }) => ({ method, options })),
})
