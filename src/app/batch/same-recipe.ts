import type { Recipe } from '../../jobs/recipe'

/** Whether two recipes ask for the same, whatever the order in which their options were written. */
export function sameRecipe(a: Recipe | 'auto', b: Recipe | 'auto'): boolean {
  if (a === b) return true
  if (a === 'auto' || b === 'auto') return false
  return asked(a) === asked(b)
}

/** What decides the result; data and version say where a recipe came from. */
function asked({ seed, steps }: Recipe): string {
  const sorted = steps.map(({ method, options }) => [
    method,
    Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
  return JSON.stringify([seed, sorted])
}
