import type { Recipe } from '../jobs/recipe'
import { MAX_RECIPE_LENGTH, readRecipeText, type RecipeText } from '../jobs/recipe-forms/read-recipe-text'
import { recipeOfMethods } from '../jobs/recipe-forms/recipe-of-methods'
import { isLinkText } from '../jobs/share/link'
import type { Shared } from '../jobs/share/schema'
import { asFlag, FlagError, type Flags, type ParsedArgs } from './args'
import { kindOf, readTextFile } from './files'

export const RECIPE_FLAGS: Flags = {
  method: {
    type: 'text',
    many: true,
    value: 'ID[:key=value,…]',
    help: 'what to do, in the order given (default: the automatic choice)',
  },
  'no-tidy': { type: 'switch', help: 'do not run tidy before the methods given' },
  recipe: { type: 'text', value: 'R', help: 'replay a recipe: a saved file, or a share link (r1.… or its address)' },
}

/** What to do, and what the link said that told it. */
export interface GivenRecipe {
  readonly recipe: Recipe | 'auto'
  readonly shared?: Shared
}

/** @throws FlagError, UsageError */
export async function recipeFromArgs(args: ParsedArgs, seed: number): Promise<GivenRecipe> {
  const given = args.text('recipe')
  const methods = args.texts('method')
  if (given !== undefined && (methods.length > 0 || args.has('no-tidy'))) {
    throw new FlagError('Give --recipe or --method, not both: a recipe names all its methods.')
  }
  // A recipe is replayed as it is; its faults are its own, not the command line's.
  if (given !== undefined) return readRecipe(given, '--recipe')
  if (methods.length > 0) {
    return { recipe: asFlag(() => recipeOfMethods(methods, { seed, isTidyOff: args.has('no-tidy') })) }
  }
  if (args.has('no-tidy')) throw new FlagError('--no-tidy goes with --method; the automatic choice always tidies.')
  return { recipe: 'auto' }
}

/**
 * Reads a recipe from a file, or from the text itself where it is a link.
 * @param where what to call the text in messages
 * @throws UsageError
 */
export async function readRecipe(given: string, where: string): Promise<RecipeText> {
  // a file may have any name, also one that looks like a link
  if (isLinkText(given) && (await kindOf(given)) === 'nothing') return readRecipeText(given, where)
  return readRecipeText(await readTextFile(given, MAX_RECIPE_BYTES), given)
}

const MAX_RECIPE_BYTES = 4 * MAX_RECIPE_LENGTH
