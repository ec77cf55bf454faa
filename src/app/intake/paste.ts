import { openedLink } from '../share/opened.svelte'
import { queue } from '../state/queue.svelte'
import { trainings } from '../state/trainings.svelte'
import { current } from '../state/view.svelte'
import { say, t } from '../text'
import type { DataFiles, InputFile } from '../../workers/job-api'
import { sortFiles } from './sort'

/** A JSON file beyond this is no recipe and no report. */
const MAX_JSON_BYTES = 1_000_000

/**
 * Takes pasted text: a share link opens its card, a recipe or a command goes to the newest model, or waits for the next.
 * The readers are loaded when there is something to read.
 * @param where what the text came from, for messages
 */
export async function pasteText(text: string, where = t.drop.pasted): Promise<void> {
  const { readRecipeText, recipeFormOf } = await import('../../jobs/recipe-forms/read-recipe-text')
  const form = recipeFormOf(text)
  current.go('work')
  if (form === 'link') return openedLink.open(text.trim())
  if (form === null && isTable(text)) return void (await trainings.add([pastedTable(text)]))
  if (form === null) return queue.say(t.drop.notRecipe)
  const shared = form === 'json' ? await sharedIn(text) : null
  if (shared) return openedLink.show(shared)
  try {
    queue.addRecipe((await readRecipeText(text, where)).recipe)
  } catch (error) {
    queue.say(say((error as Error).message))
  }
}

/** What the share dialog saved as a file, or null. It is believed as little as a link. */
async function sharedIn(text: string) {
  if (!text.includes('"withheld"')) return null
  const { readShared } = await import('../../jobs/share/shared-file')
  return readShared(text)
}

const DELIMITERS = [',', ';', '\t']

/** Lines of the same number of cells, two or more; nobody pastes less as a table. */
function isTable(text: string): boolean {
  const lines = text.trim().split(/\r?\n/).slice(0, 20)
  return DELIMITERS.some((delimiter) => {
    const cells = new Set(lines.map((line) => line.split(delimiter).length))
    return lines.length >= 3 && cells.size === 1 && !cells.has(1)
  })
}

function pastedTable(text: string): DataFiles {
  const name = `${t.drop.pastedTable}.csv`
  return { name, files: [{ path: name, file: new File([text], name, { type: 'text/csv' }) }] }
}

/**
 * Recipes and reports among dropped files are not models: they are taken as if pasted. Returns the other files. Only
 * files of their own count; what lies in a dropped folder came along with it.
 */
export async function takeRecipes(files: readonly InputFile[]): Promise<readonly InputFile[]> {
  const rest: InputFile[] = []
  const texts: { name: string; text: string }[] = []
  for (const input of files) {
    const text = isCandidate(input) ? await input.file.text() : ''
    if (/"(steps|recipe)"\s*:/.test(text)) texts.push({ name: input.path, text })
    else rest.push(input)
  }
  if (texts.length === 0) return files
  if (sortFiles(rest).models.length > 0) await keepForNext(texts)
  else for (const { name, text } of texts) await pasteText(text, name)
  return rest
}

const isCandidate = ({ path, file }: InputFile) =>
  !path.includes('/') && /\.json$/i.test(path) && file.size <= MAX_JSON_BYTES

/** The models that came in the same drop get the recipe, not one that was there before. */
async function keepForNext(texts: readonly { name: string; text: string }[]): Promise<void> {
  const { readRecipeText } = await import('../../jobs/recipe-forms/read-recipe-text')
  for (const { name, text } of texts) {
    try {
      const { recipe } = await readRecipeText(text, name)
      queue.keepRecipe(recipe === 'auto' ? null : recipe)
    } catch (error) {
      queue.say(say((error as Error).message))
    }
  }
}
