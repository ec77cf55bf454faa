import { tick } from 'svelte'
import type { Recipe } from '../../jobs/recipe'
import type { ResultSummary } from '../../workers/store-api'
import { library } from '../state/library.svelte'
import { queue } from '../state/queue.svelte'
import { current } from '../state/view.svelte'

/**
 * Runs the file of a result again, on the card that shows that result where there is one. Where the file is no longer
 * kept, a card asks for it and starts when it comes.
 */
export async function runAgain(result: ResultSummary, recipe: Recipe | 'auto'): Promise<void> {
  // its own data and ranges belong to the earlier run
  const asked = recipe === 'auto' ? recipe : { version: 1 as const, seed: recipe.seed, steps: recipe.steps }
  const [stored, files] = [await library.load(result.id), await library.inputOf(result)]
  const canShow = stored !== null && !stored.isDamaged && files !== null
  const job = canShow ? queue.showStored(stored, files) : queue.again(result, files, asked)
  if (canShow) {
    job.setRecipe(asked)
    queue.start(job, recipe === result.recipe)
  }
  await showCard(job.id)
}

/** Opens the work view at a card. */
export async function showCard(id: string): Promise<void> {
  current.go('work')
  await tick()
  const title = document.getElementById(`${id}-title`)
  title?.focus()
  title?.scrollIntoView({ block: 'start' })
}
