import { queue } from '../state/queue.svelte'
import { t } from '../text'

/** Pasted text is a recipe or nothing that Plume knows. The validator is loaded when there is something to validate. */
export async function pasteText(text: string): Promise<void> {
  const { parseRecipe } = await import('../../jobs/recipe')
  try {
    queue.addRecipe(parseRecipe(text, 'clipboard'))
  } catch {
    queue.say(t.drop.notRecipe)
  }
}
