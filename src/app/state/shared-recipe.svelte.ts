import type { Recipe } from '../../jobs/recipe'
import { NO_LOSS, type JobOptions } from './job.svelte'

/** How far the automatic choice may go. */
type Aim = Pick<JobOptions, 'budget' | 'maxTrials'>

export const isDefaultAim = ({ budget, maxTrials }: Aim) => budget.kind === 'no-loss' && maxTrials === null

/** The options for all files; a file that is dropped takes them over. */
class SharedRecipe {
  #recipe = $state.raw<Recipe | 'auto'>('auto')
  #aim = $state.raw<Aim>({ budget: NO_LOSS, maxTrials: null })

  get recipe(): Recipe | 'auto' {
    return this.#recipe
  }

  get aim(): Aim {
    return this.#aim
  }

  set(recipe: Recipe | 'auto', aim: Aim = { budget: NO_LOSS, maxTrials: null }): void {
    this.#recipe = recipe
    this.#aim = aim
  }

  /** After a reload: what more than half of the files that came back ask for was meant for all of them. */
  adopt(recipes: readonly (Recipe | 'auto')[]): void {
    if (this.#recipe !== 'auto') return
    const texts = recipes.map((recipe) => JSON.stringify(recipe))
    // Boyer and Moore: what more than half agree on is what is left when unequal pairs go
    let [at, votes] = [0, 0]
    texts.forEach((text, index) => {
      if (votes === 0) at = index
      votes += text === texts[at] ? 1 : -1
    })
    const count = texts.filter((text) => text === texts[at]).length
    if (count > recipes.length / 2) this.#recipe = recipes[at] ?? 'auto'
  }
}

export const sharedRecipe = new SharedRecipe()
