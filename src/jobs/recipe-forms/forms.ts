import { UsageError } from '../../core/errors'
import type { Recipe } from '../recipe'
import { encodeLink } from '../share/link'
import { canReproduce, sharedOfRecipe, type Shared } from '../share/shared'
import { cliLine, type CliFiles } from './cli-line'
import { parseCliLine } from './parse-cli-line'
import { quoteWord } from './shell-words'

export interface RecipeForms {
  /** The command that makes the same bytes. */
  readonly cli: string
  /** Whether the command holds the recipe as a link, because flags cannot say it. */
  readonly isCliByLink: boolean
  /** Whether the command reads the recipe from recipe.json, because it is too long for a command. */
  readonly isCliByFile: boolean
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
  const isWithheld = !canReproduce(shared)
  if (isSaidBy(plain, recipe)) return { cli: plain, isCliByLink: false, isCliByFile: false, link, isWithheld }
  // the command stays on this machine, or in the hands of who copies it: it has to be whole
  const whole = sharedOfRecipe(recipe, { withLayerNames: true })
  const wholeLink = canReproduce(whole) ? await linkOf(whole, MAX_COMMAND_LINK) : null
  const command = cliLine({ ...recipe, seed: 0, steps: [] }, files)
  const given = wholeLink ? quoteWord(wholeLink.replace(/^#/, '')) : 'recipe.json'
  const isCliByLink = wholeLink !== null
  return { cli: [command, '--recipe', given].join(' '), isCliByLink, isCliByFile: !isCliByLink, link, isWithheld }
}

/** Some shells take no more than 8,191 characters of a command. */
const MAX_COMMAND_LINK = 6000

/** null: longer than that, or without its ranges only. */
async function linkOf(shared: Shared, most = Infinity): Promise<string | null> {
  try {
    const { text, dropped } = await encodeLink(shared, { full: true })
    return text.length > most || dropped.includes('ranges') ? null : text
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
