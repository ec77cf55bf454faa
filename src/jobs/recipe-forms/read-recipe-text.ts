import { UsageError } from '../../core/errors'
import { decodeLink, describeProblem, isLinkText } from '../share/link'
import type { Shared } from '../share/schema'
import { parseRecipe, type Recipe } from '../recipe'
import { resolveRecipe } from '../steps'
import type { CliFiles } from './cli-line'
import { isCliLine, parseCliLine } from './parse-cli-line'

export interface RecipeText {
  readonly form: 'json' | 'link' | 'cli'
  /** Resolved: every option explicit. 'auto': a command without methods, which is the automatic choice. */
  readonly recipe: Recipe | 'auto'
  /** What the link carried, also where it stood in a command. */
  readonly shared?: Shared
  /** What the command named beside the recipe. */
  readonly cli?: Partial<CliFiles>
}

/** JSON of a recipe is at most this long (ranges of ten thousands of values); longer texts are something else. */
export const MAX_RECIPE_LENGTH = 16_000_000
/** Links and commands are. */
const MAX_OTHER_LENGTH = 1_000_000

/** Which form a text has, without reading it: to tell a pasted recipe from pasted data. */
export function recipeFormOf(text: string): RecipeText['form'] | null {
  if (text.length > MAX_RECIPE_LENGTH) return null
  const bare = withoutFence(text)
  if (bare.startsWith('{')) return 'json'
  if (bare.length > MAX_OTHER_LENGTH) return null
  if (isCliLine(bare)) return 'cli'
  return isLinkText(bare) || /\S*#r\d{1,9}\.\S{8}/.test(bare) ? 'link' : null
}

/**
 * Reads a recipe in any of its forms: JSON (of a recipe, or of a report that has one), a share link, a command line.
 * @param where the file or place it came from, for messages
 * @throws UsageError in plain words
 */
export async function readRecipeText(text: string, where = 'The pasted text'): Promise<RecipeText> {
  if (text.length > MAX_RECIPE_LENGTH) {
    throw new UsageError(`${where}: ${text.length} characters are too many for a recipe, at most ${MAX_RECIPE_LENGTH}.`)
  }
  const bare = withoutFence(text)
  const form = recipeFormOf(bare)
  if (form === 'cli') return readCli(bare, where)
  if (form === 'link') return readLink(bare, where)
  if (form === 'json') {
    return { form, recipe: resolveRecipe(parseRecipe(recipeInside(bare), where)) }
  }
  throw new UsageError(
    `${where}: this is no recipe. Give its JSON, a share link (#r1.…) or a "plume compress" command with --method.`,
  )
}

async function readLink(text: string, where: string): Promise<RecipeText> {
  const decoded = await decodeLink(text)
  if (!decoded.ok) throw new UsageError(`${where}: ${describeProblem(decoded.problem)}`)
  return { form: 'link', recipe: resolveRecipe(decoded.shared.recipe), shared: decoded.shared }
}

async function readCli(text: string, where: string): Promise<RecipeText> {
  const { recipe, methods, seed: _seed, ...cli } = parseCliLine(text)
  if (recipe === undefined) return { form: 'cli', recipe: methods ?? 'auto', cli }
  if (!isLinkText(recipe)) {
    throw new UsageError(`${where}: the command reads its recipe from the file ${recipe}. Give that file itself.`)
  }
  return { ...(await readLink(recipe, where)), form: 'cli', cli }
}

/** A report holds the recipe that made it. */
function recipeInside(text: string): string {
  try {
    const json: unknown = JSON.parse(text)
    const isReport = typeof json === 'object' && json !== null && 'recipe' in json && !('steps' in json)
    return isReport ? JSON.stringify(json.recipe) : text
  } catch {
    // parseRecipe says what is wrong with it
    return text
  }
}

/** Chats and notes fence code with three backticks. */
function withoutFence(text: string): string {
  const fenced = /^\s*```[a-z]*\n([\s\S]*?)\n?```\s*$/.exec(text)
  return (fenced?.[1] ?? text).trim()
}
