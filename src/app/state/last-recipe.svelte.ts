import type { Recipe } from '../../jobs/recipe'
import { withoutData } from './without-data'

const KEY = 'plume-last-recipe'

/** The explicit recipe that was used last, offered for the next file with one click. */
export class LastRecipe {
  #recipe = $state.raw<Recipe | null>(null)

  get recipe(): Recipe | null {
    return this.#recipe
  }

  remember(used: Recipe): void {
    const recipe = withoutData(used)
    this.#recipe = recipe
    try {
      localStorage.setItem(KEY, JSON.stringify(recipe))
    } catch {
      // storage can be refused (private windows); it holds until the tab closes
    }
  }

  /** Anything may stand in storage: what is not a recipe of this version is none. */
  async restore(): Promise<void> {
    try {
      const text = localStorage.getItem(KEY)
      if (text === null || this.#recipe) return
      const { parseRecipe } = await import('../../jobs/recipe')
      this.#recipe = parseRecipe(text, 'storage')
    } catch {
      // refused, damaged or of a newer version
    }
  }
}

export const lastRecipe = new LastRecipe()
