import { EMPTY_RECIPE, type Recipe } from '../recipe'
import { resolveRecipe } from '../steps'
import { parseMethodFlag } from './method-flag'

/**
 * The recipe of `--method` flags: tidy runs first, unless it is among them or switched off.
 * @throws UsageError for an unknown method or option
 */
export function recipeOfMethods(methods: readonly string[], options: { seed: number; isTidyOff: boolean }): Recipe {
  const given = methods.map(parseMethodFlag)
  const isTidyGiven = given.some(({ method }) => method === 'tidy')
  const steps = isTidyGiven || options.isTidyOff ? given : [{ method: 'tidy', options: {} }, ...given]
  return resolveRecipe({ ...EMPTY_RECIPE, seed: options.seed, steps })
}
