import type { Recipe } from '../../jobs/recipe'
import { sameSteps } from '../state/same-steps'

/** Whether two recipes ask for the same; data and version say where a recipe came from. */
export function sameRecipe(a: Recipe | 'auto', b: Recipe | 'auto'): boolean {
  if (a === 'auto' || b === 'auto') return a === b
  return sameSteps(a, b)
}
