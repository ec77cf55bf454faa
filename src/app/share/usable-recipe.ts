import type { Recipe } from '../../jobs/recipe'
import type { Shared } from '../../jobs/share/shared'
import { resolveRecipe } from '../../jobs/steps'

/**
 * The recipe of a link for a file of this page: every option explicit, without the sender's data.
 * @throws UsageError for a method or an option that this version does not have
 */
export function usableRecipe({ recipe: { seed, steps } }: Shared): Recipe {
  return resolveRecipe({ version: 1, seed, steps })
}
