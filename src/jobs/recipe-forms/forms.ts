import { UsageError } from '../../core/errors'
import type { Recipe } from '../recipe'
import { encodeLink } from '../share/link'
import { canReproduce, sharedOfRecipe } from '../share/shared'
import { cliLine, type CliFiles } from './cli-line'
import { parseCliLine } from './parse-cli-line'
import { quoteWord } from './shell-words'

export interface RecipeForms {
  /** The command that makes the same bytes. */
  readonly cli: string
  /** Whether the command holds the recipe as a link, because flags cannot say it. */
  readonly isCliByLink: boolean
  /** `#r1.…`, without names of layers; null where the recipe is too long for a link. */
  readonly link: string | null
  /** Whether the link lacks options that may name layers. */
  readonly isWithheld: boolean
}

/** A recipe in the forms beside its JSON. */
export async function recipeForms(recipe: Recipe, files: CliFiles): Promise<RecipeForms> {
  const shared = sharedOfRecipe(recipe)
  const link = await linkOf(shared)
  const plain = cliLine(recipe, files)
  if (isSaidBy(plain, recipe)) return { cli: plain, isCliByLink: false, link, isWithheld: !canReproduce(shared) }
  // the command stays on this machine, or in the hands of who copies it: it has to be whole
  const whole = await linkOf(sharedOfRecipe(recipe, { withLayerNames: true }))
  const command = cliLine({ ...recipe, seed: 0, steps: [] }, files)
  const cli = whole ? [command, '--recipe', quoteWord(whole.replace(/^#/, ''))].join(' ') : plain
  return { cli, isCliByLink: whole !== null, link, isWithheld: !canReproduce(shared) }
}

async function linkOf(shared: Parameters<typeof encodeLink>[0]): Promise<string | null> {
  try {
    return (await encodeLink(shared, { full: true })).text
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
}

/** Whether the command, read back, says the same steps and seed. */
function isSaidBy(line: string, recipe: Recipe): boolean {
  const read = parseCliLine(line).methods
  return JSON.stringify([read?.seed, read?.steps]) === JSON.stringify([recipe.seed, recipe.steps])
}
